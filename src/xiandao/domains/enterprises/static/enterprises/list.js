// Choosing an industry or a city asks for the segments or counties that belong to it.
(() => {
  for (const name of ["industry", "city"]) {
    const field = document.querySelector(`form.filter-bar select[name="${name}"]`);
    if (field) field.addEventListener("change", () => field.form.requestSubmit());
  }
})();
