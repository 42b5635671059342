"""What is known of the 22 resources, each from the page or from the source that its note names. The seed must say all of it."""

import datetime as dt

FACTS = [
    (
        "Implementación de Gobierno Abierto en",
        "issuer__name",
        "Municipio del Distrito Metropolitano de Quito",
    ),
    ("Implementación de Gobierno Abierto en", "document__document_type", "study"),
    ("Segundo Plan", "document__document_type", "plan"),
    ("Segundo Plan", "source_url", "https://www.gobiernoabierto.ec/plan-de-accion-2022-2024/"),
    ("Segundo Plan", "issued_on", dt.date(2022, 1, 1)),
    ("Segundo Plan", "issued_on_precision", "year"),
    ("Acuerdo Ministerial", "legalinstrument__number", "SGAPG-2023-001"),
    ("Acuerdo Ministerial", "issued_on", dt.date(2023, 1, 1)),
    ("Acuerdo Ministerial", "issued_on_precision", "year"),
    ("Acuerdo Ministerial", "legalinstrument__instrument_type", "ministerial_agreement"),
    ("Carta de adhesión", "legalinstrument__instrument_type", "international_instrument"),
    (
        "Carta de adhesión",
        "legalinstrument__evidence_url",
        "https://www.gobiernoabierto.ec/ecuador-se-integra-a-la-alianza-para-el-gobierno-abierto/",
    ),
    ("Carta de adhesión", "issued_on", None),
    ("Manual para", "document__document_type", "manual"),
    ("Guía breve", "document__document_type", "guide"),
    ("Diseño de", "document__document_type", "study"),
    ("Estrategia Nacional", "document__document_type", "policy"),
    ("Estrategia Nacional", "issued_on", None),
    ("Código Orgánico", "issuer__name", "Asamblea Nacional"),
    ("Código Orgánico", "legalinstrument__instrument_type", "organic_code"),
    ("Código Orgánico", "legalinstrument__gazette", "Registro Oficial Suplemento 303"),
    ("Código Orgánico", "legalinstrument__gazette_date", dt.date(2010, 10, 19)),
    (
        "Código Orgánico",
        "legalinstrument__evidence_url",
        "https://www.gob.ec/regulaciones/cootad-codigo-organico-organizacion-territorial-autonomia-desecentralizacion",
    ),
    ("Ley Orgánica de Participación", "issuer__name", "Asamblea Nacional"),
    ("Ley Orgánica de Participación", "legalinstrument__instrument_type", "organic_law"),
    (
        "Ley Orgánica de Participación",
        "legalinstrument__gazette",
        "Registro Oficial Suplemento 175",
    ),
    ("Ley Orgánica de Participación", "legalinstrument__gazette_date", dt.date(2010, 4, 20)),
    ("Ley Orgánica de Transparencia", "issuer__name", "Asamblea Nacional"),
    (
        "Ley Orgánica de Transparencia",
        "legalinstrument__gazette",
        "Registro Oficial Segundo Suplemento 245",
    ),
    ("Ley Orgánica de Transparencia", "legalinstrument__gazette_date", dt.date(2023, 2, 7)),
    (
        "Ley Orgánica de Transparencia",
        "legalinstrument__evidence_url",
        "https://www.gob.ec/sites/default/files/regulations/2023-10/Lotaip-2023.pdf",
    ),
]

NOTES = [
    (
        "Carta de adhesión",
        "legalinstrument__evidence_note",
        ["Tbilisi", "17", "18 de julio de 2018"],
    ),
    ("Código Orgánico", "legalinstrument__evidence_note", ["prensa"]),
    ("Ley Orgánica de Transparencia", "legalinstrument__evidence_note", ["dos leyes"]),
    (
        "Estrategia Nacional",
        "editor_note",
        ["13 de julio de 2022", "2030", "337", "22 de julio de 2024"],
    ),
]

RELATIONS = [
    ("Código Orgánico", "amends", "Ley Orgánica Reformatoria", "229", dt.date(2026, 2, 23)),
    (
        "Ley Orgánica de Participación",
        "amends",
        "Registro Oficial 445",
        "445",
        dt.date(2011, 5, 11),
    ),
    (
        "Ley Orgánica de Participación",
        "amends",
        "21 de junio de 2024",
        "2024",
        dt.date(2024, 6, 21),
    ),
]
