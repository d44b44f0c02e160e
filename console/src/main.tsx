import "@patternfly/react-core/dist/styles/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { ErrorBoundary } from "./ui/error_boundary";
import { applyTheme, readTheme } from "./ui/theme";
import "./styles.css"; // last: it changes what the components bring

applyTheme(readTheme());
const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <ErrorBoundary place={window.location.pathname}>
        <App />
      </ErrorBoundary>
    </StrictMode>,
  );
}
