"""Run all measurements of speed and write them to docs/rendimiento.md, with a chart: `make bench`.

    python -m bench.report [--size 10000] [--large VAR_DIR]

Every figure is a ratio of two measurements that took turns, or names the machine. It takes about ten minutes; a larger
`--size` takes longer to build.
"""

import argparse
import datetime as dt
import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import warm

ROOT = Path(__file__).resolve().parents[1]
REPORT, CHART = ROOT / "docs" / "rendimiento.md", ROOT / "docs" / "img" / "rendimiento.svg"
COLD_LINE = re.compile(r"^\s*(?P<name>[\w ]+?)\s+(?P<ms>[\d.]+) ms \(median (?P<median>[\d.]+)\)")
BAR, LEFT, WIDTH, GAP = 22, 190, 400, 10  # of the chart, in pixels
NAMES = {
    "home": "portada",
    "list": "lista",
    "page 500": "lista, página 500",
    "section": "sección",
    "infographic": "infografía",
    "document": "documento",
    "legalinstrument": "norma",
    "search": "búsqueda nueva",
    "news": "novedades",
    "sitemap": "mapa del sitio",
}
Times = dict[str, float]


def main() -> None:
    """Measure, and write the report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, default=10_000, help="resources of the large catalogue")
    parser.add_argument("--large", metavar="VAR_DIR", help="a catalogue of that size that is there")
    options = parser.parse_args()
    rows = warm.measure()
    small = cold_times({})
    large = cold_times({"VAR_DIR": options.large}) if options.large else large_times(options.size)
    shown = {row.name for row in rows if "nginx" not in row.name}  # its bar would dwarf the others
    slow, memory = output_of("bench.slow_clients"), output_of("bench.memory")
    CHART.write_text(chart([row for row in rows if row.clients == 1 and row.name in shown]))
    REPORT.write_text(report(rows, small, large, options.size, slow, memory))


def output_of(module: str, *arguments: str, **variables: str) -> str:
    """Return the lines that a measurement prints."""
    command = [sys.executable, "-m", module, *arguments]
    ran = subprocess.run(
        command, cwd=ROOT, env=os.environ | variables, stdout=subprocess.PIPE, text=True, check=True
    )
    return ran.stdout.strip()


def cold_times(variables: dict[str, str]) -> Times:
    """Return the least processor time of each page, in milliseconds."""
    found = map(COLD_LINE.match, output_of("bench.cold", **variables).splitlines())
    return {line["name"]: float(line["ms"]) for line in found if line}


def large_times(size: int) -> Times:
    """Build a catalogue of `size` resources, and return the times of its pages."""
    with tempfile.TemporaryDirectory(prefix="recursos-bench-") as folder:
        output_of("bench.search", str(size), "--only-build", VAR_DIR=folder)
        return cold_times({"VAR_DIR": folder})


def report(
    rows: list[warm.Row], small: Times, large: Times, size: int, slow: str, memory: str
) -> str:
    """Return the report in Markdown."""
    many = f"{size:,}".replace(",", ".")
    cold = [f"| página | ms con la muestra | ms con {many} recursos | razón |", "|---|---|---|---|"]
    for name, ms in small.items():
        more = f"{large[name]:.1f} | {large[name] / ms:.1f} |" if name in large else "| |"
        cold.append(f"| {NAMES.get(name, name)} | {ms:.1f} | {more}")
    parts = [
        "# Rendimiento",
        f"Medido el {dt.date.today():%Y-%m-%d} con `make bench` en {machine()}.",
        "Otra máquina da otros milisegundos: lo que vale son las razones, medidas por turnos en la misma ejecución.",
        "## Páginas ya preparadas",
        "Razón frente a una vista de Django que devuelve la misma página como constante, bajo el mismo gunicorn: mediana "
        "(menor–mayor). Más de 1 es más rápido.",
        "![Respuestas por segundo frente a la vista constante, con un cliente](img/rendimiento.svg)",
        "\n".join(warm.table(rows)),
        "## Páginas por preparar",
        "Tiempo de procesador después de una edición, cuando ninguna página está preparada. La portada, las listas y los "
        "canales de un catálogo grande muestran más recursos que los de la muestra.",
        "\n".join(cold),
        "## Lectores y remitentes lentos",
        f"```\n{slow}\n```",
        "## Memoria y arranque",
        f"```\n{memory}\n```",
    ]
    return "\n\n".join(parts) + "\n"


def machine() -> str:
    """Return processor, cores, system and Python."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    name = model[1] if model else platform.machine()
    return f"{name}, {os.cpu_count()} núcleos, Linux {platform.release()}, Python {platform.python_version()}"


def chart(rows: list[warm.Row]) -> str:
    """Return the chart of answers per second against the constant view, as SVG."""
    scale = WIDTH / max(1, *(row.per_second.median for row in rows))
    height = len(rows) * (BAR + GAP) + 2 * GAP
    bars = []
    for number, row in enumerate(rows):
        top, value = GAP + number * (BAR + GAP), row.per_second.median
        middle = top + BAR * 0.7
        bars.append(
            f'<text x="{LEFT - 8}" y="{middle:.0f}" text-anchor="end">{row.name}</text>'
            f'<rect x="{LEFT}" y="{top}" width="{value * scale:.0f}" height="{BAR}" fill="#1d6f7a"/>'
            f'<text x="{LEFT + value * scale + 6:.0f}" y="{middle:.0f}">{value:.2f}</text>'
        )
    one = LEFT + scale
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 60} {height}" font-family="sans-serif" '
        f'font-size="13" role="img"><title>Respuestas por segundo frente a la vista constante</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(bars)}'
        f'<line x1="{one:.0f}" x2="{one:.0f}" y1="0" y2="{height}" stroke="#b3261e" stroke-dasharray="4 3"/></svg>\n'
    )


if __name__ == "__main__":
    main()
