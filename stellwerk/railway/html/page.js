(() => {
  "use strict";
  const get = (id) => document.getElementById(id);
  const plan = JSON.parse(get("plan").textContent);
  const stations = new Map(plan.stations.map((each) => [each.ref, each]));
  const shapes = new Map(plan.stations.map((each) => [each.ref, get(`s-${each.ref}`)]));
  const map = get("map"), panel = get("panel"), details = get("details"), words = get("words");
  const [, , wide, high] = map.getAttribute("viewBox").split(" ").map(Number);
  const marks = { todo: "○", doing: "◐", waiting: "◔", done: "●", diverted: "↷" };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  /* Elements: texts are always text; `html` takes only what was made safe beforehand. */
  const make = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const html = (name, attributes, safe) => {
    const made = make(name, attributes);
    made.innerHTML = safe;
    return made;
  };

  /* The view: the middle of what is seen, and pixels of the screen for one of the map. */
  const view = { x: wide / 2, y: high / 2, scale: 1 };
  const least = () => Math.min(map.clientWidth / wide, map.clientHeight / high, 1.4) || 1;
  const within = (value, low, most) => Math.min(Math.max(value, low), most);
  let moving = 0;
  const paint = () => {
    view.scale = within(view.scale, Math.min(least(), 0.6), 3);
    view.x = within(view.x, 0, wide);
    view.y = within(view.y, 0, high);
    const [w, h] = [map.clientWidth / view.scale, map.clientHeight / view.scale];
    map.setAttribute("viewBox", `${view.x - w / 2} ${view.y - h / 2} ${w} ${h}`);
  };
  const glide = (target) => {
    cancelAnimationFrame(moving);
    const from = { ...view }, begin = performance.now();
    if (calm.matches || plan.stations.length > 150) { Object.assign(view, target); paint(); return; }
    const step = (now) => {
      const part = within((now - begin) / 180, 0, 1), eased = 1 - (1 - part) ** 3;
      for (const key of Object.keys(target)) view[key] = from[key] + (target[key] - from[key]) * eased;
      paint();
      if (part < 1) moving = requestAnimationFrame(step);
    };
    moving = requestAnimationFrame(step);
  };
  const pan = (x, y) => { view.x += x / view.scale; view.y += y / view.scale; paint(); };
  const zoom = (factor, at) => {
    const old = view.scale, box = map.getBoundingClientRect();
    const [x, y] = at ? [at.clientX - box.left - box.width / 2, at.clientY - box.top - box.height / 2] : [0, 0];
    view.scale *= factor;
    paint();
    view.x += x / old - x / view.scale;
    view.y += y / old - y / view.scale;
    paint();
  };
  const whole = () => glide({ x: wide / 2, y: high / 2, scale: least() });
  const place = (ref) => {
    const [, x, y] = shapes.get(ref).getAttribute("transform").match(/translate\((\S+) (\S+)\)/);
    return { x: Number(x) + 132, y: Number(y) + 60 };
  };
  const reveal = (ref) => {
    const at = place(ref), w = map.clientWidth / view.scale / 2, h = map.clientHeight / view.scale / 2;
    if (Math.abs(at.x - view.x) > w - 130 || Math.abs(at.y - view.y) > h - 60) glide(at);
  };
  const start = () => {
    view.scale = least();
    if (view.scale < 0.5 && stations.size) {
      const now = plan.stations.find((each) => each.state === "under way")
        || plan.stations.find((each) => each.state === "ready") || plan.stations[0];
      view.scale = 0.8;
      const at = place(now.ref);
      view.x = Math.max(at.x + map.clientWidth / view.scale / 4, map.clientWidth / view.scale / 2);
      view.y = high * view.scale < map.clientHeight ? high / 2 : at.y;
    }
    paint();
  };

  /* The panel. */
  const hours = (count) => (count >= 1 ? `${Math.round(count)} h` : "");
  const jump = (ref) => {
    const made = make("button", { type: "button" }, `${ref} ${stations.get(ref).title}`);
    made.addEventListener("click", () => { open(ref); panel.focus(); });
    return made;
  };
  const ways = (name, refs) => (refs.length ? [make("p", { class: "ways" }, name, ...refs.map(jump))] : []);
  const badges = (option) => [
    ...(option.chosen ? [make("span", { class: "badge" }, "chosen")] : []),
    ...(option.recommended ? [make("span", { class: "badge" }, "recommended")] : []),
  ];
  const decision = (asked, linked) => {
    const list = make("dl");
    for (const option of asked.options) {
      list.append(
        make("dt", {}, `${option.ref} ${option.label}`, ...badges(option)),
        html("dd", {}, option.tradeoff),
        make("dd", {}, ...(linked ? ways("leads to", [option.head]) : [`leads to ${option.head}`])),
      );
    }
    const due = asked.due ? [make("p", { class: "facts" }, "To be decided now.")] : [];
    const title = make("h3", { dir: "auto" }, `${asked.ref} ${asked.title}`);
    return make("section", { class: "switchbox" }, title, ...due, html("div", {}, asked.prompt), list);
  };
  const facts = (each) => [
    each.told,
    hours(each.hours),
    each.who,
    each.waiting && `waiting for ${each.waiting}`,
    each.needs.length ? `needs ${each.needs.join(", ")}` : "",
  ].filter(Boolean).join(" · ");
  const notes = (each) => {
    const content = each.notes || "<p class=\"hint\">No notes.</p>";
    const made = html("div", { class: "notes", lang: plan.language }, content);
    made.prepend(make("p", { class: "facts" }, facts(each)));
    return made;
  };
  const entry = (each) => {
    const id = `n-${each.ref}`;
    const button = make(
      "button",
      { type: "button", "aria-expanded": "false", "aria-controls": id, "data-ref": each.ref },
      make("span", { class: `mark ${each.status}`, "aria-hidden": "true" }, marks[each.status]),
      make("span", { class: "name", dir: "auto" }, `${each.ref} ${each.title}`),
      make("span", { class: "told" }, each.told),
    );
    const room = make("div", { id, hidden: "" });
    button.addEventListener("click", () => {
      if (!room.firstChild) room.append(notes(each));
      room.hidden = !room.hidden;
      button.setAttribute("aria-expanded", String(!room.hidden));
    });
    return make("li", {}, button, room);
  };
  const standing = (each) => [
    each.state,
    each.count ? `${each.done} of ${each.count} done` : "",
    hours(each.hours) && `${hours(each.hours)} left`,
  ].filter(Boolean).join(" · ");
  let opened = "";
  const open = (ref) => {
    const each = stations.get(ref);
    shapes.get(opened)?.classList.remove("open");
    shapes.get(ref).classList.add("open");
    opened = ref;
    details.replaceChildren(
      make("h2", { dir: "auto" }, `${each.ref} ${each.title}`),
      make("p", { class: "facts" }, standing(each)),
      html("div", {}, each.description),
      ...ways("from", each.before),
      ...ways("to", each.after),
      ...each.tasks.flatMap((task) => [
        make("h3", { dir: "auto" }, `${task.ref} ${task.title}`),
        make("ul", { class: "packages" }, ...task.packages.map(entry)),
      ]),
      ...(each.tasks.length ? [] : [make("p", { class: "hint" }, "No tasks yet.")]),
      ...(each.switch ? [decision(each.switch, true)] : []),
    );
    document.body.classList.add("opened");
    panel.scrollTop = 0;
    panel.setAttribute("aria-label", `Details of ${each.ref}`);
    reveal(ref);
  };
  const close = () => {
    if (!opened) return;
    const shape = shapes.get(opened);
    shape.classList.remove("open");
    details.replaceChildren();
    document.body.classList.remove("opened");
    opened = "";
    shape.focus({ preventScroll: true });
  };

  /* Search: stations by anything that stands on them or in their work packages. */
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const about = plan.stations.map((each) => plain([
    each.ref, each.title,
    ...(each.switch ? [each.switch.ref, each.switch.title, ...each.switch.options.map((o) => o.label)] : []),
    ...each.tasks.flatMap((task) => [task.title, ...task.packages.map((p) => `${p.ref} ${p.title}`)]),
  ].join("\n")));
  let hits = [], hit = -1;
  const show = () => {
    for (const [ref, shape] of shapes) {
      shape.classList.toggle("found", hits.includes(ref));
      shape.classList.toggle("current", hits[hit] === ref);
    }
    const told = hit < 0 ? `${hits.length} found` : `${hit + 1} of ${hits.length}`;
    get("hits").textContent = words.value.trim() ? told : "";
    if (hit >= 0) reveal(hits[hit]);
  };
  words.addEventListener("input", () => {
    const wanted = plain(words.value.trim());
    hits = wanted ? plan.stations.map((s) => s.ref).filter((_, at) => about[at].includes(wanted)) : [];
    hit = -1;
    show();
  });
  const step = (by) => {
    if (!hits.length) return;
    hit = hit < 0 && by < 0 ? hits.length - 1 : (hit + by + hits.length) % hits.length;
    show();
    open(hits[hit]);
  };
  get("search").addEventListener("submit", (event) => { event.preventDefault(); });
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); step(event.shiftKey ? -1 : 1); }
    if (event.key === "Escape") { words.value = ""; hits = []; hit = -1; show(); map.focus(); }
  });

  /* Keys: along the tracks on a station, else over the map. */
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const beside = (each, by) => {
    const layer = plan.stations.filter((other) => other.layer === each.layer);
    return layer[layer.indexOf(each) + by]?.ref;
  };
  const neighbour = (each, [x, y]) => (x > 0 ? each.after[0] : x < 0 ? each.before[0] : beside(each, y));
  const onMap = (event, ref) => {
    const way = steps[event.key];
    if (ref && (event.key === "Enter" || event.key === " ")) { open(ref); panel.focus(); return true; }
    if (!way) return false;
    const next = ref && !event.shiftKey ? neighbour(stations.get(ref), way) : "";
    if (next) shapes.get(next).focus({ preventScroll: true });
    else if (!ref || event.shiftKey) pan(way[0] * 80, way[1] * 80);
    return true;
  };
  const tools = { "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), 0: whole, "/": () => words.focus(), Escape: close };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === words) return;
    const ref = event.target.closest?.(".station")?.id.slice(2);
    const used = (ref || event.target === map || event.target === document.body) && onMap(event, ref);
    if (used) event.preventDefault();
    else if (tools[event.key]) { event.preventDefault(); tools[event.key](); }
  });

  /* Pointers: one drags, two zoom; what is hardly moved is a click. */
  const fingers = new Map();
  let dragged = 0;
  const apart = () => { const [a, b] = [...fingers.values()]; return Math.hypot(a.x - b.x, a.y - b.y); };
  map.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    dragged = 0;
  });
  map.addEventListener("pointermove", (event) => {
    const was = fingers.get(event.pointerId);
    if (!was) return;
    const before = fingers.size > 1 ? apart() : 0;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    dragged += Math.abs(event.clientX - was.x) + Math.abs(event.clientY - was.y);
    if (dragged < 5) return;
    map.setPointerCapture(event.pointerId);
    map.classList.add("dragged");
    if (before) zoom(apart() / before, event);
    else pan(was.x - event.clientX, was.y - event.clientY);
  });
  const lift = (event) => { fingers.delete(event.pointerId); map.classList.remove("dragged"); };
  map.addEventListener("pointerup", lift);
  map.addEventListener("pointercancel", lift);
  map.addEventListener("click", (event) => {
    const shape = event.target.closest(".station");
    if (shape && dragged < 5) open(shape.id.slice(2));
  });
  map.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-within(event.deltaY, -120, 120) / 400), event);
  }, { passive: false });

  /* Buttons, theme, print. */
  const theme = (name) => { if (name) document.documentElement.dataset.theme = name; };
  const stored = (write) => { try { return write ? localStorage.setItem("theme", write) : localStorage.getItem("theme"); } catch { return null; } };
  const night = matchMedia("(prefers-color-scheme: dark)");
  get("theme").addEventListener("click", () => {
    const dark = (document.documentElement.dataset.theme || (night.matches ? "dark" : "light")) === "dark";
    theme(dark ? "light" : "dark");
    stored(dark ? "light" : "dark");
  });
  get("in").addEventListener("click", () => zoom(1.25));
  get("out").addEventListener("click", () => zoom(0.8));
  get("whole").addEventListener("click", whole);
  get("print").addEventListener("click", () => print());
  get("close").addEventListener("click", close);
  const written = (each) => [
    make("h2", { dir: "auto" }, `${each.ref} ${each.title}`),
    make("p", { class: "facts" }, standing(each)),
    ...each.tasks.flatMap((task) => [
      make("h3", { dir: "auto" }, `${task.ref} ${task.title}`),
      ...task.packages.map((p) => make(
        "div", { class: "package" }, make("h4", { dir: "auto" }, `${marks[p.status]} ${p.ref} ${p.title}`), notes(p),
      )),
    ]),
    ...(each.switch ? [decision(each.switch, false)] : []),
  ];
  addEventListener("beforeprint", () => {
    map.setAttribute("viewBox", `0 0 ${wide} ${high}`);
    get("text").hidden = false;
    get("text").replaceChildren(html("div", { lang: plan.language }, plan.description), ...plan.stations.flatMap(written));
  });
  addEventListener("afterprint", () => { get("text").hidden = true; get("text").replaceChildren(); paint(); });

  for (const [ref, shape] of shapes) {
    shape.setAttribute("tabindex", "0");
    shape.setAttribute("role", "button");
    shape.setAttribute("aria-label", shape.querySelector("title").textContent);
    shape.addEventListener("focus", () => reveal(ref));
  }
  theme(stored());
  start();
  new ResizeObserver(paint).observe(map);
  const linked = decodeURIComponent(location.hash.slice(1)).match(/^r\d+/)?.[0];
  if (stations.has(linked)) open(linked);
  document.documentElement.dataset.ready = "yes";
})();
