// Light, dark, or as the system says.
export type Theme = "system" | "light" | "dark";

const key = "watchpost-theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");

export function readTheme(): Theme {
  const value = window.localStorage.getItem(key);
  return value === "light" || value === "dark" ? value : "system";
}

export function isDark(theme: Theme): boolean {
  return theme === "dark" || (theme === "system" && system.matches);
}

export function applyTheme(theme: Theme): void {
  document.documentElement.classList.toggle("pf-v6-theme-dark", isDark(theme));
}

export function saveTheme(theme: Theme): void {
  window.localStorage.setItem(key, theme);
  applyTheme(theme);
}

system.addEventListener("change", () => applyTheme(readTheme()));
