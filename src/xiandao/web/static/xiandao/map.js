// Draws the map of a province's cities from the office's boundary file. The table beside it holds the same rows.
(async () => {
  const box = document.getElementById("map");
  if (!box || !window.echarts) return;
  const rows = JSON.parse(document.getElementById("map-rows").textContent);
  const answer = await fetch(box.dataset.boundaries);
  if (!answer.ok) { box.textContent = box.dataset.missing; return; }
  const boundaries = await answer.json();
  for (const feature of boundaries.features) {
    const row = rows.find((r) => r.name === feature.properties.name || r.code === String(feature.id || feature.properties.code));
    if (row) feature.properties.name = row.label;
  }
  echarts.registerMap("cities", boundaries);
  const most = Math.max(1, ...rows.map((r) => r.value));
  const shaded = "shaded" in box.dataset;
  const shade = (value) => ["#eef3f9", "#cfdff1", "#a9c6e6", "#7fa9d8", "#5f90c9"][value ? Math.min(4, 1 + Math.floor((3.999 * value) / most)) : 0];
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption({
    aria: { enabled: true },
    tooltip: { trigger: "item", formatter: (p) => (p.data ? `${p.name}<br>${box.dataset.caption}：${p.data.value}` : p.name) },
    series: [{
      type: "map", map: "cities", roam: false, selectedMode: false, top: 10, bottom: 10,
      label: { show: true, fontSize: 10.5, color: shaded ? "#10202f" : "#24364b", formatter: (p) => (shaded && p.data ? `${p.name}\n${p.data.value}` : p.name) },
      itemStyle: { areaColor: "#cfdff1", borderColor: "#ffffff", borderWidth: 1.2 },
      emphasis: { label: { color: "#24364b" }, itemStyle: { areaColor: "#f6d58f" } },
      data: rows.map((r) => ({ name: r.label, value: r.value, url: r.url, ...(shaded ? { itemStyle: { areaColor: shade(r.value) } } : {}) })),
    }],
  });
  chart.on("click", (event) => { if (event.data && event.data.url) window.location.href = event.data.url; });
  window.addEventListener("resize", () => chart.resize());
})();
