/* The button that publishes says what it will do: a future date of publication schedules. The server decides by the same rule. */

const button = document.querySelector("[data-schedule]");
const field = document.querySelector("#id_published_at");

if (button && field) {
  const label = () => {
    const [, year, month, day, time] = field.value.match(/^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)/) ?? [];
    const later = year && field.value > button.dataset.now;
    button.value = later ? `${button.dataset.schedule} ${Number(day)}/${Number(month)}/${year} ${time}` : button.dataset.publish;
  };
  field.addEventListener("input", label);
  label();
}
