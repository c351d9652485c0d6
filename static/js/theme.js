// Runs before the first paint: marks that scripts run and turns "as the system" into the bright or the dark theme.
// Without scripts the css follows the system by itself, as far as the component library allows.
"use strict";
{
  const root = document.documentElement;
  const wish = root.dataset.theme;
  root.classList.add("js");
  if (wish === "light" || wish === "dark") {
    root.dataset.bsTheme = wish;
  } else {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => { root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
    follow();
    dark.addEventListener("change", follow);
  }
}
