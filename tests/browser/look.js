// Returns what is wrong with a page as it stands in the window, a sentence each.
(language) => {
  const wrong = [];
  const root = document.documentElement;
  const headings = document.querySelectorAll("h1");
  if (headings.length !== 1 || !headings[0].textContent.trim()) wrong.push(`${headings.length} h1`);
  if (root.lang !== language) wrong.push(`lang is ${root.lang}, not ${language}`);
  if (!document.title.trim()) wrong.push("no title");
  const width = root.clientWidth;
  if (root.scrollWidth > width) {
    const wide = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > width + 1);
    const told = wide.slice(-3).map((one) => one.outerHTML.slice(0, 120));
    wrong.push(`${root.scrollWidth} pixels wide, in a window of ${width}: ${told.join(" … ")}`);
  }
  return wrong;
}
