// Publishing: code and region are asked only for a new plan.
document.addEventListener("DOMContentLoaded", () => {
  const plan = document.querySelector(".import-destination [name=plan]");
  if (!plan) return;
  const adjust = () => {
    for (const name of ["code", "region"]) {
      const field = document.querySelector(`.import-destination [data-field=${name}]`);
      field.hidden = plan.value !== "+";
      field.querySelector("input, select").disabled = plan.value !== "+";
    }
  };
  plan.addEventListener("change", adjust);
  adjust();
});
