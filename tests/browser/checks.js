// Faults of what is on the screen, each as a sentence: contrast, names, sizes, labels.
() => {
  const faults = [];
  const shown = (e) => {
    const box = e.getBoundingClientRect();
    return e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && box.width > 1 && box.height > 1;
  };
  const modal = document.querySelector("dialog:modal");
  const root = modal ?? document.body;

  // ---- contrast (WCAG 1.4.3): every text against what is painted behind it
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const paint = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => ((v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (e) => {
    const layers = [];
    for (let up = e; up; up = up.parentElement) layers.unshift(getComputedStyle(up).backgroundColor);
    return layers;
  };
  const contrast = (colour, layers) => {
    const [a, b] = [light(paint([...layers, colour])), light(paint(layers))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    const text = walk.currentNode.data.trim();
    if (!text || !shown(e) || e.closest("option, .hidden, [hidden]") || !/[\p{L}\p{N}]/u.test(text)) continue;
    const style = getComputedStyle(e);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    const ratio = contrast(style.color, behind(e));
    if (ratio < (large ? 3 : 4.5)) faults.push(`contrast ${ratio.toFixed(2)}: ${text.slice(0, 40)}`);
  }

  // ---- names (4.1.2), touch targets, edges of what can be operated (1.4.11)
  for (const e of root.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea, summary")) {
    if (!shown(e) || e.closest(".skip")) continue;
    const name = e.getAttribute("aria-label") || [...(e.labels ?? [])].map((l) => l.textContent).join("") || e.textContent;
    const what = `${e.tagName.toLowerCase()} ${name.trim().slice(0, 30)}`;
    if (!name.trim()) faults.push(`no name: ${e.outerHTML.slice(0, 80)}`);
    const box = e.getBoundingClientRect();
    if (!e.closest(".text") && (box.height < 43.5 || box.width < 43.5)) faults.push(`${what}: ${box.width} × ${box.height}`);
    const style = getComputedStyle(e);
    const plain = e.matches(".link, summary, .menu *, .composer *") || style.borderTopWidth === "0px";
    if (!plain && contrast(style.borderTopColor, behind(e.parentElement)) < 3) faults.push(`faint edge: ${what}`);
  }

  // ---- structure
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids)) if (ids.filter((i) => i === id).length > 1) faults.push(`id twice: ${id}`);
  for (const e of document.querySelectorAll("[aria-labelledby], [aria-controls], [aria-describedby], label[for]")) {
    for (const name of ["aria-labelledby", "aria-controls", "aria-describedby", "for"]) {
      for (const id of (e.getAttribute(name) ?? "").split(" ").filter(Boolean)) {
        if (!document.getElementById(id)) faults.push(`${name} names nothing: ${id}`);
      }
    }
  }
  for (const e of document.querySelectorAll("img:not([alt])")) faults.push(`no alt: ${e.src}`);
  if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
  if (!document.documentElement.lang) faults.push("no language");
  for (const landmark of ["main", "header", "footer"]) if (!document.querySelector(landmark)) faults.push(`no ${landmark}`);
  if (document.querySelector("#log").getAttribute("role") !== "log") faults.push("new messages are not announced");
  return faults;
}
