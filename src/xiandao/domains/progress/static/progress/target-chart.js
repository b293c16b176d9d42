// Draws a target's path, what was counted, and where that leads. The table below the chart holds the same numbers.
(() => {
  const box = document.querySelector("[data-chart]");
  if (!box || !window.echarts) return;
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const [path, seen, projected, aim, today] = box.dataset.words.split("|");
  const last = data.seen[data.seen.length - 1];
  const series = [
    { name: path, type: "line", data: data.path, lineStyle: { type: "dashed", color: "#8a94a3" }, itemStyle: { color: "#8a94a3" }, symbol: "emptyCircle",
      markLine: { symbol: "none", silent: true, data: [
        { yAxis: data.aim, label: { formatter: aim, position: "insideStartTop" }, lineStyle: { color: "#8a5a00" } },
        { xAxis: data.today, label: { formatter: today, position: "end", rotate: 0 }, lineStyle: { color: "#5f6b7a", type: "dotted" } },
      ] } },
    { name: seen, type: "line", data: data.seen, lineStyle: { color: "#1d4f8c", width: 2.5 }, itemStyle: { color: "#1d4f8c" }, symbolSize: 7 },
  ];
  if (data.projection && last) {
    const end = data.projection;
    series.push(
      { name: projected, type: "line", data: [last, [end.on, end.value]], lineStyle: { type: "dotted", color: "#1d4f8c" }, itemStyle: { color: "#1d4f8c" } },
      { type: "line", data: [last, [end.on, end.low]], stack: "interval", symbol: "none", lineStyle: { opacity: 0 }, tooltip: { show: false }, silent: true },
      { type: "line", data: [[last[0], 0], [end.on, end.high - end.low]], stack: "interval", symbol: "none", lineStyle: { opacity: 0 }, areaStyle: { color: "#1d4f8c", opacity: 0.14 }, tooltip: { show: false }, silent: true },
    );
  }
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption({
    aria: { enabled: true }, animation: false,
    grid: { left: 8, right: 24, top: 36, bottom: 8, containLabel: true },
    legend: { top: 0, data: data.projection ? [path, seen, projected] : [path, seen] },
    tooltip: { trigger: "item", formatter: (p) => `${p.seriesName}<br>${p.value[0]}：${Math.round(p.value[1] * 10) / 10}` },
    xAxis: { type: "time", min: data.start, max: data.end, axisLabel: { formatter: "{yyyy}-{MM}", hideOverlap: true } },
    yAxis: { type: "value" },
    series,
  });
  window.addEventListener("resize", () => chart.resize());
})();
