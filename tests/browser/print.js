// Returns what is wrong with a page on paper, a sentence each.
() => {
  const wrong = [];
  const root = document.documentElement;
  const shown = (one) => one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true });
  const paper = getComputedStyle(document.body).backgroundColor;
  if (paper !== "rgb(255, 255, 255)") wrong.push(`the paper is ${paper}`);
  if (root.scrollWidth > root.clientWidth) wrong.push(`${root.scrollWidth} pixels wide, on ${root.clientWidth}`);
  for (const one of document.querySelectorAll("nav, button, input, select, form[role=search]")) {
    if (shown(one)) wrong.push(`is printed: ${one.outerHTML.slice(0, 100)}`);
  }
  for (const one of document.querySelectorAll("h2")) {
    const part = one.parentElement;
    if (part.localName === "section" && shown(one) && part.innerText.trim() === one.innerText.trim()) {
      wrong.push(`nothing is printed below: ${one.innerText}`);
    }
  }
  if (CSS.supports("selector(::details-content)")) {
    const tables = document.querySelectorAll(".as-table table");
    if ([...tables].some((one) => one.getBoundingClientRect().height === 0)) wrong.push("a table is not printed");
  }
  return wrong;
}
