// Draws enterprises in business at the end of each year and new ones. The table below the chart holds the same numbers.
(() => {
  const box = document.querySelector("[data-growth]");
  if (!box || !window.echarts) return;
  const data = JSON.parse(document.getElementById(box.dataset.growth).textContent);
  const [existing, fresh] = box.dataset.words.split("|");
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption({
    aria: { enabled: true }, animation: false,
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    legend: { top: 0 }, tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: data.years }, yAxis: { type: "value", minInterval: 1 },
    series: [
      { name: existing, type: "line", data: data.existing, symbolSize: 7, lineStyle: { color: "#1d4f8c", width: 2.5 }, itemStyle: { color: "#1d4f8c" } },
      { name: fresh, type: "bar", data: data.new, barMaxWidth: 22, itemStyle: { color: "#e0a526", decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 3] } } },
    ],
  });
  window.addEventListener("resize", () => chart.resize());
})();
