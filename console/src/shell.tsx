// The frame of every page: brand, menu by rights, who is signed in, theme, live or not.
import {
  Banner,
  Button,
  Dropdown,
  DropdownItem,
  DropdownList,
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadMain,
  MastheadToggle,
  MenuToggle,
  Modal,
  ModalBody,
  ModalHeader,
  Nav,
  NavItem,
  NavList,
  Page,
  PageSidebar,
  PageSidebarBody,
  PageToggleButton,
  SkipToContent,
} from "@patternfly/react-core";
import BarsIcon from "@patternfly/react-icons/dist/esm/icons/bars-icon";
import MoonIcon from "@patternfly/react-icons/dist/esm/icons/moon-icon";
import SunIcon from "@patternfly/react-icons/dist/esm/icons/sun-icon";
import { useEffect, useState } from "react";
import { useIsLive } from "./api/events";
import { PageOf, menu } from "./pages/table";
import { ChangePasswordForm } from "./pages/sign_in";
import { Link, onLinkClick, useAddress } from "./router";
import { mayRoles, roleNames, useSession } from "./session";
import { ErrorBoundary } from "./ui/error_boundary";
import { applyTheme, isDark, readTheme, saveTheme } from "./ui/theme";

function ThemeButton() {
  const [theme, setTheme] = useState(readTheme);
  const dark = isDark(theme);
  useEffect(() => applyTheme(theme), [theme]);
  return (
    <Button
      variant="plain"
      aria-label={dark ? "Switch to light" : "Switch to dark"}
      icon={dark ? <SunIcon /> : <MoonIcon />}
      onClick={() => {
        const next = dark ? "light" : "dark";
        saveTheme(next);
        setTheme(next);
      }}
    />
  );
}

function LiveMark() {
  const isLive = useIsLive();
  return (
    <span className={isLive ? "wp-live" : "wp-live wp-live-lost"} role="status">
      {isLive ? "Live" : "Not live: connecting"}
    </span>
  );
}

function UserMenu({ onSignOut, onChangePassword }: { onSignOut: () => void; onChangePassword: () => void }) {
  const { user, roles, product_version } = useSession();
  const [isOpen, setOpen] = useState(false);
  return (
    <Dropdown
      isOpen={isOpen}
      onSelect={() => setOpen(false)}
      onOpenChange={setOpen}
      popperProps={{ position: "right" }}
      toggle={(ref) => (
        <MenuToggle ref={ref} isExpanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {user.name}
        </MenuToggle>
      )}
    >
      <DropdownList>
        <DropdownItem isDisabled description={roles.map((role) => roleNames[role]).join(", ")}>
          Watchpost {product_version}
        </DropdownItem>
        <DropdownItem onClick={onChangePassword}>Change password</DropdownItem>
        <DropdownItem onClick={onSignOut}>Sign out</DropdownItem>
      </DropdownList>
    </Dropdown>
  );
}

export function Shell({ onSignOut, onPasswordChanged }: { onSignOut: () => void; onPasswordChanged: () => Promise<void> }) {
  const session = useSession();
  const { path: address, query } = useAddress();
  const [changesPassword, setChangesPassword] = useState(false);
  const entries = menu.filter((entry) => mayRoles(session.roles, entry.right));
  const path = address === "/" ? (entries[0]?.path ?? "/") : address;
  useEffect(() => {
    const title = menu.find((entry) => path.startsWith(entry.path))?.title;
    document.title = title === undefined ? "Watchpost" : `${title} – Watchpost`;
  }, [path]);

  const masthead = (
    <Masthead>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton variant="plain" aria-label="Menu">
            <BarsIcon />
          </PageToggleButton>
        </MastheadToggle>
        <MastheadBrand>
          <Link to="/" className="wp-brand">
            <img src="/watchpost.svg" alt="" /> Watchpost
          </Link>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <div className="wp-actions wp-at-end">
          <LiveMark />
          <ThemeButton />
          <UserMenu onSignOut={onSignOut} onChangePassword={() => setChangesPassword(true)} />
        </div>
      </MastheadContent>
    </Masthead>
  );
  const sidebar = (
    <PageSidebar>
      <PageSidebarBody>
        <Nav aria-label="Sections">
          <NavList>
            {entries.map((entry) => (
              <NavItem
                key={entry.path}
                to={entry.path}
                isActive={path.startsWith(entry.path)}
                onClick={onLinkClick(entry.path) as never}
              >
                {entry.title}
              </NavItem>
            ))}
          </NavList>
        </Nav>
      </PageSidebarBody>
    </PageSidebar>
  );
  return (
    <Page
      masthead={masthead}
      sidebar={sidebar}
      isManagedSidebar
      mainContainerId="main"
      banner={
        session.is_demo === true ? (
          <Banner color="yellow" screenReaderText="Notice">
            Demonstration: a mail server with sample mail of our making runs beside this Central Node. Nothing here is real.
          </Banner>
        ) : undefined
      }
      skipToContent={<SkipToContent href="#main">Skip to content</SkipToContent>}
    >
      <ErrorBoundary place={`${path}?${query.toString()}`} version={session.product_version} home={entries[0]}>
        <PageOf path={path} />
      </ErrorBoundary>
      <Modal
        isOpen={changesPassword}
        onClose={() => setChangesPassword(false)}
        variant="small"
        aria-labelledby="change-password-title"
      >
        <ModalHeader title="Change password" labelId="change-password-title" />
        <ModalBody>
          <ChangePasswordForm
            onCancel={() => setChangesPassword(false)}
            onDone={async () => {
              setChangesPassword(false);
              await onPasswordChanged();
            }}
          />
        </ModalBody>
      </Modal>
    </Page>
  );
}
