// Makes ready to follow the keyboard through a page: `window.keyboard.step()` is asked after each press of the Tab
// key, and `window.keyboard.missed()` at the end.
() => {
  const FOCUSABLE = "a[href], area[href], button, input, select, textarea, summary, iframe, [contenteditable], [tabindex]";
  const look = (one) => {
    const parts = [one, ...one.querySelectorAll("circle, path, rect, text")].slice(0, 4);
    return parts.map((part) => {
      const style = getComputedStyle(part);
      return [style.outline, style.boxShadow, style.background, style.border, style.stroke, style.strokeWidth].join();
    }).join();
  };
  const told = (one) => one.outerHTML.slice(0, 150);
  const isShown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("[inert]");
  const isGrouped = (one) => one.type === "radio" && !one.checked;
  const wanted = [...document.querySelectorAll(FOCUSABLE)].filter(
    (one) => one.tabIndex >= 0 && !one.disabled && isShown(one) && !isGrouped(one),
  );
  const before = new Map(wanted.map((one) => [one, look(one)]));
  const reached = new Set();
  const isObscured = (one, box) => {
    const x = Math.min(Math.max((box.left + box.right) / 2, 1), innerWidth - 2);
    const y = Math.min(Math.max((box.top + box.bottom) / 2, 1), innerHeight - 2);
    const top = document.elementFromPoint(x, y);
    return !one.ownerSVGElement && top && !one.contains(top) && !top.contains(one);
  };
  const problem = (one) => {
    const box = one.getClientRects()[0];
    if (!box || box.width < 1 || box.height < 1) return `has no size when it has the focus: ${told(one)}`;
    if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) return `is out of sight: ${told(one)}`;
    if (isObscured(one, box)) return `is covered: ${told(one)}`;
    return before.has(one) && look(one) === before.get(one) ? `does not show that it has the focus: ${told(one)}` : "";
  };
  window.keyboard = {
    step() {
      const one = document.activeElement;
      if (!one || one === document.body || reached.has(one)) return null;
      reached.add(one);
      return problem(one);
    },
    missed: () => wanted.filter((one) => !reached.has(one) && one.isConnected && isShown(one)).map((one) => `is not reached: ${told(one)}`),
  };
}
