import { defineConfig } from "vite";

// Everything is bundled and served by the program itself: nothing is inlined, because the page's
// content security policy allows neither inline scripts and styles nor data: addresses for them.
export default defineConfig({
  base: "/",
  build: {
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: "es2022",
    chunkSizeWarningLimit: 1500,
  },
  esbuild: { jsx: "automatic" },
  // Only for developing: the console against a running Central Node.
  server: { proxy: { "/api": { target: "https://127.0.0.1:8443", secure: false } } },
});
