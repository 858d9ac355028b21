/*
 * An answer as a map, where its rows have coordinates: a latitude and a longitude, or points in well-known text.
 * Drawn over the outlines of Natural Earth, which are loaded when the first map is. The table says the same.
 */
"use strict";

(() => {
  const { made, root, terms } = globalThis.queryPage;
  const SVG = "http://www.w3.org/2000/svg";
  const POINT = /^\s*(?:<[^>]*>\s*)?POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)/i;
  const MOST_POINTS = 5000;
  const WIDTH = 800;
  const HIGHEST = 560;
  const MOST_LABELS = 40;
  const RADIUS = 7;
  const GAP = 10;

  /** Return the points of an answer: where they lie, what they are called, where they lead. */
  function points({ head, results }) {
    const latitude = head.vars.find((name) => /^lat(?:itude)?$/i.test(name));
    const longitude = head.vars.find((name) => /^(?:lon|lng|long|longitude)$/i.test(name));
    const found = [];
    for (const row of results.bindings.slice(0, MOST_POINTS)) {
      const place = at(row, latitude, longitude);
      if (place) found.push({ ...place, ...named(head.vars, row, [latitude, longitude]) });
    }
    return found;
  }

  function at(row, latitude, longitude) {
    const wkt = Object.values(row).map((one) => POINT.exec(one.value)).find(Boolean);
    const [x, y] = wkt ? [wkt[1], wkt[2]] : [row[longitude]?.value, row[latitude]?.value];
    if (!x || !y) return undefined;
    const [east, north] = [Number(x), Number(y)];
    return Math.abs(east) <= 180 && Math.abs(north) <= 90 ? { east, north } : undefined;
  }

  function named(vars, row, without) {
    const rest = vars.filter((name) => !without.includes(name) && row[name]);
    const text = rest.find((name) => row[name].type === "literal" && !POINT.test(row[name].value));
    const thing = rest.find((name) => row[name].type === "uri");
    const href = thing ? terms.href(row[thing].value) : "";
    return { label: text ? row[text].value : (row[thing]?.value ?? ""), href };
  }

  /** Return what the map shows: the points with some room around them. */
  function frame(all) {
    const [west, east] = [Math.min(...all.map((p) => p.east)), Math.max(...all.map((p) => p.east))];
    const [south, north] = [Math.min(...all.map((p) => p.north)), Math.max(...all.map((p) => p.north))];
    const room = Math.max(2, 0.15 * Math.max(east - west, north - south));
    const box = [
      Math.max(-180, west - room),
      Math.min(180, east + room),
      Math.max(-90, south - room),
      Math.min(90, north + room),
    ];
    const flat = Math.max(0.2, Math.cos((((box[2] + box[3]) / 2) * Math.PI) / 180));
    const scale = Math.min(WIDTH / ((box[1] - box[0]) * flat), HIGHEST / (box[3] - box[2]));
    const height = Math.max(WIDTH / 3, (box[3] - box[2]) * scale);
    const [middle, centre] = [(box[2] + box[3]) / 2, (box[0] + box[1]) / 2];
    return {
      height,
      x: (degrees) => WIDTH / 2 + (degrees - centre) * flat * scale,
      y: (degrees) => height / 2 - (degrees - middle) * scale,
    };
  }

  function drawn(name, attributes, ...children) {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }

  let outlines;
  /** Load the outlines, once; a map without them is still a map. */
  function land() {
    outlines ??= fetch(new URL("assets/world-atlas/countries-50m.json", new URL(root, document.baseURI)))
      .then((answer) => answer.json())
      .then(polygons)
      .catch(() => []);
    return outlines;
  }

  /** Decode the rings of TopoJSON into degrees (https://github.com/topojson/topojson-specification). */
  function polygons({ transform, arcs, objects }) {
    const [scale, translate] = [transform.scale, transform.translate];
    const lines = arcs.map((arc) => {
      let [x, y] = [0, 0];
      return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
    });
    const line = (number) => (number < 0 ? lines[~number].toReversed() : lines[number]);
    const parts = objects.countries.geometries.flatMap(({ type, arcs: of }) => (type === "Polygon" ? [of] : (of ?? [])));
    return parts.flatMap((rings) => rings.map((ring) => ring.flatMap(line)));
  }

  /** Return the outlines that may be seen, as the data of a path. */
  function path(rings, { x, y, height }) {
    const isSeen = (points) =>
      points.some(([, v]) => v > 0) &&
      points.some(([, v]) => v < height) &&
      points.some(([u]) => u > 0) &&
      points.some(([u]) => u < WIDTH);
    const drawn = rings.map((ring) => ring.map(([east, north]) => [x(east), y(north)])).filter(isSeen);
    return drawn.map((points) => `M${points.map(([u, v]) => `${u.toFixed(1)} ${v.toFixed(1)}`).join("L")}Z`).join("");
  }

  /**
   * Return where the name of each point stands: beside, above or below it, within the map and over nothing else;
   * undefined where there is no room, and its title alone tells the name. Widths are estimated.
   */
  function labelling(spots, height) {
    const size = matchMedia("(max-width: 36rem)").matches ? 28 : 18;
    const taken = spots.map(({ x, y }) => [x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS]);
    const isFree = ([left, top, right, bottom]) =>
      left >= 0 && top >= 0 && right <= WIDTH && bottom <= height &&
      !taken.some(([l, t, r, b]) => left < r && l < right && top < b && t < bottom);
    return spots.map(({ x, y, label }) => {
      const wide = 0.58 * size * label.length;
      const boxes = [
        ["start", x + GAP, y + 0.28 * size, x + GAP],
        ["end", x - GAP, y + 0.28 * size, x - GAP - wide],
        ["middle", x, y - GAP - 0.2 * size, x - wide / 2],
        ["middle", x, y + GAP + 0.8 * size, x - wide / 2],
      ].map(([anchor, at, base, left]) => [anchor, at, base, [left, base - 0.8 * size, left + wide, base + 0.2 * size]]);
      const found = boxes.find(([, , , box]) => isFree(box));
      if (!found) return undefined;
      taken.push(found[3]);
      return { x: found[1].toFixed(1), y: found[2].toFixed(1), "text-anchor": found[0] };
    });
  }

  /** Draw the points. @param {ReturnType<typeof points>} all */
  function map(all) {
    const within = frame(all);
    const svg = drawn("svg", { viewBox: `0 0 ${WIDTH} ${within.height.toFixed(0)}`, class: "map" });
    const borders = drawn("path", { class: "land" });
    svg.append(borders);
    land().then((rings) => borders.setAttribute("d", path(rings, within)));
    const labelled = all.length <= MOST_LABELS;
    const spots = all.map((point) => ({ ...point, x: within.x(point.east), y: within.y(point.north) }));
    const labels = labelled ? labelling(spots, within.height) : [];
    for (const [number, point] of spots.entries()) {
      const dot = drawn("circle", { cx: point.x.toFixed(1), cy: point.y.toFixed(1), r: labelled ? RADIUS : "4" });
      dot.append(drawn("title", {}, point.label));
      const mark = [dot, ...(labels[number] ? [drawn("text", labels[number], point.label)] : [])];
      svg.append(point.href ? drawn("a", { href: point.href }, ...mark) : drawn("g", {}, ...mark));
    }
    return made("figure", {}, svg);
  }

  globalThis.queryPage.map = { points, map };
})();
