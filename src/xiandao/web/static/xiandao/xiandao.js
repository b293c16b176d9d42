// The shell's few behaviours: print buttons and filters that apply when a choice changes.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
document.addEventListener("change", (event) => {
  const select = event.target.closest(".filter-bar select");
  if (select) select.form.requestSubmit();
});
