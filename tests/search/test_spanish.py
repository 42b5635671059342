"""Spanish: which forms are one word, and which look alike and are not."""

import pytest

from search.language.analyzer import analyze
from search.language.stemming import singular
from search.language.words import OF_ITS_OWN


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gobierno", "gobiernos"),
        ("participación", "participaciones"),
        ("participación", "PARTICIPACION"),
        ("participar", "participación"),
        ("ley", "leyes"),
        ("voz", "voces"),
        ("plan", "planes"),
        ("informe", "informes"),
        ("país", "paises"),
        ("GAD", "GADs"),
        ("Diseño", "DISEÑOS"),
        ("enlace", "enlaces"),
        ("transparente", "transparencia"),
        ("serie", "series"),
        ("rendir", "rendición"),
        ("rinden", "rendición"),
        ("eligió", "elegir"),
        ("ordenanza", "ordenanzas"),
        ("partido", "partidos"),
        ("accesible", "accesibles"),
        ("accesible", "accesibilidad"),
        ("participante", "participantes"),
        ("habitantes", "habitante"),
        ("modificar", "modificación"),
        ("modifica", "modificaciones"),
        ("notifique", "notificación"),
        ("planificador", "planificar"),
        ("comunicar", "comunicación"),
        ("aplique", "aplicar"),
        ("artículo", "art."),
        ("número", "núm."),
        ("solicitar", "solicitud"),
        ("solicitante", "solicitudes"),
        ("respondió", "respuestas"),
        ("proponer", "propuesta"),
        ("reunirse", "reuniones"),
        ("jóvenes", "juventud"),
        ("vigentes", "vigencia"),
        ("discapacitados", "discapacidad"),
        ("adhirió", "adhesión"),
        ("convocar", "convocatorias"),
        ("prometió", "promesas"),
        ("corruptos", "corrupción"),
        ("comunica", "comunicaciones"),
        ("aprueba", "aprobar"),
        ("aprueben", "aprobación"),
        ("resuelve", "resoluciones"),
        ("niega", "negar"),
        ("negación", "negar"),
        ("deniega", "denegación"),
        ("requiere", "requerimiento"),
        ("devolver", "devolución"),
        ("remueve", "remoción"),
        ("adquirir", "adquisiciones"),
        ("transfiere", "transferencia"),
        ("convierte", "convertir"),
        ("atender", "atención"),
        ("prevenir", "prevención"),
        ("obtiene", "obtención"),
        ("mantenga", "mantenimiento"),
        ("incluye", "inclusión"),
        ("excluido", "exclusión"),
        ("distribuyen", "distribución"),
        ("sustituir", "sustitución"),
        ("reduce", "reducción"),
        ("corrige", "corrección"),
        ("medir", "mediciones"),
        ("ciudadanía", "ciudadanos"),
        ("alcaldías", "alcalde"),
        ("cumplimiento", "cumplir"),
        ("nombramientos", "nombrar"),
        ("procedimiento", "proceder"),
        ("institucionales", "institución"),
        ("constitucional", "constitución"),
        ("reglamentarias", "reglamento"),
        ("siguen", "seguimiento"),
        ("derogatorias", "derogado"),
        ("reformatoria", "reforma"),
        ("normativa", "normas"),
        ("ambiental", "ambiente"),
        ("cantonales", "cantón"),
        ("comerciales", "comercio"),
        ("contractual", "contratos"),
        ("culturales", "cultura"),
        ("disciplinarias", "disciplina"),
        ("empresarial", "empresas"),
        ("industriales", "industria"),
        ("medioambiental", "medioambiente"),
        ("ministeriales", "ministerio"),
        ("patrimoniales", "patrimonio"),
        ("peatonal", "peatones"),
        ("prioritarias", "prioridad"),
        ("universitaria", "universidades"),
        ("urbanística", "urbanismo"),
        ("comunitaria", "comunidades"),
        ("ecuatorianos", "Ecuador"),
        ("electoral", "elecciones"),
        ("juvenil", "jóvenes"),
        ("parroquiales", "parroquia"),
        ("presupuestaria", "presupuesto"),
        ("provincial", "provincias"),
        ("regionales", "región"),
        ("territoriales", "territorio"),
        ("tributario", "tributos"),
        ("turísticos", "turismo"),
        ("vecinal", "vecinos"),
        ("gratis", "gratuita"),
        ("cinco", "5"),
        ("quince", "15"),
        ("012", "12"),
        ("000", "0"),
        ("participamos", "participar"),
        ("propondremos", "propuesta"),
        ("disponga", "disponer"),
        ("dispondrá", "disponer"),
        ("contienen", "contener"),
        ("obtendrán", "obtención"),
        ("mantendría", "mantenimiento"),
        ("conozcan", "conocer"),
        ("traduzca", "traducir"),
        ("permitirá", "permitir"),
        ("decidirán", "decisión"),
        ("incluiría", "inclusión"),
        ("establecerá", "establecer"),
        ("resolverán", "resolución"),
        ("promoverá", "promover"),
        ("procederá", "proceder"),
        ("someterán", "someter"),
        ("responderían", "respuesta"),
        ("atenderá", "atención"),
        ("solicitarla", "solicitud"),
        ("publicarse", "publicación"),
        ("muestran", "mostrar"),
        ("comienza", "comenzó"),
        ("comience", "comenzar"),
        ("recomiendo", "recomendación"),
        ("promueve", "promover"),
        ("demuestre", "demostración"),
        ("exijan", "exigir"),
        ("prueba", "probar"),
        ("pide", "petición"),
        ("pedirla", "petición"),
        ("estableció", "establecer"),
        ("ofreció", "ofrecer"),
        ("permaneció", "permanecer"),
        ("reconoció", "reconocer"),
        ("convenció", "convencer"),
        ("concedió", "conceder"),
        ("respondió", "respuesta"),
        ("sometió", "someter"),
        ("promovió", "promover"),
        ("resolvió", "resolución"),
        ("recibió", "recibir"),
        ("prohibió", "prohibición"),
        ("emitió", "emitir"),
        ("asistió", "asistir"),
        ("cumplió", "cumplir"),
        ("precio", "precios"),
        ("necio", "necias"),
        ("sitio", "sitios"),
        ("servicio", "servicios"),
        ("incendio", "incendios"),
        ("remedio", "remedios"),
        ("ejes", "eje"),
        ("aves", "ave"),
        ("taxis", "taxi"),
        ("específico", "específica"),
        ("específicos", "especificar"),
        ("científicos", "científica"),
        ("tecnológico", "tecnología"),
        ("geográfica", "geografía"),
        ("económicas", "economía"),
        ("democrática", "democracia"),
        ("alcaldesa", "alcalde"),
        ("plantea", "planteamiento"),
        ("traslado", "trasladar"),
        ("saneada", "saneamiento"),
        ("monitoreo", "monitorear"),
        ("tramos", "tramo"),
        ("préstamos", "préstamo"),
        ("extremos", "extremo"),
        ("retira", "retirar"),
        ("aspira", "aspirar"),
        ("inspiran", "inspirar"),
        ("admira", "admirar"),
        ("expiran", "expirar"),
        ("cabeceras", "cabecera"),
        ("comparte", "compartir"),
        ("gobiernos", "gobierno"),
    ],
)
def test_forms_of_one_word_share_a_stem(one, other):
    assert analyze(one) == analyze(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("año", "ano"),
        ("municipio", "municipal"),
        ("2022", "2023"),
        ("cuenta", "cuento"),
        ("ordenanza", "orden"),
        ("ordenanzas", "ordenar"),
        ("casa", "caso"),
        ("mesas", "meses"),
        ("planos", "planes"),
        ("sedes", "sed"),
        ("partidos", "partes"),
        ("junta", "juntos"),
        ("ley", "leyó"),
        ("accesible", "acceso"),
        ("habilidad", "hablar"),
        ("comunicación", "común"),
        ("comunicación", "comunidad"),
        ("plaza", "plazo"),
        ("placas", "plazos"),
        ("marzo", "marco"),
        ("libros", "libre"),
        ("nueve", "nuevo"),
        ("importe", "importación"),
        ("informe", "información"),
        ("nacional", "nación"),
        ("internacional", "interno"),
        ("comentario", "comento"),
        ("tratamiento", "tratado"),
        ("seccionales", "sección"),
        ("120", "12"),
        ("tramos", "traer"),
        ("precio", "parecer"),
        ("gráfico", "graf"),
        ("medio", "medir"),
        ("préstamos", "prestar"),
        ("cabecera", "cabezal"),
        ("usuario", "uso"),
        ("info", "informe"),
        ("acuerdo", "acordar"),
        ("medida", "medir"),
    ],
)
def test_different_words_do_not(one, other):
    assert analyze(one) != analyze(other)


IRREGULAR = """
alcalde: alcaldesa alcaldía
adopción: adoptar adopto adoptan adoptado adoptó adoptará
proyección: proyectar proyectada proyectaron
castración: castrar castrado castrada
inscripción: inscribieron inscribirse inscriben inscritos
suscripción: suscribir suscribió suscriben suscritas
descripción: describir describe descrito
traducción: traducir traduce tradujeron traduzca
producción: producir produce produjo producido
interrupción: interrumpir interrumpe interrumpido interrumpieron
agresión: agredir agrede agredido
destrucción: destruir destruye destruyó destruido
expansión: expandir expande expandirá
venta: vender vende vendieron vendido ventas
costo: cuesta cuestan costar costará
riego: regar riega regado
siembra: sembrar siembran sembrado
retención: retener retuvieron retenido retiene
muerte: murió morir muertos
mordedura: muerde mordió
reciclaje: reciclar reciclan reciclado
limpieza: limpiar limpian
arriendo: arrendar arriendan arrendado
pago: pagar paga pagado pagos
acceso: acceder accede accedieron
adjudicación: adjudicar adjudicó adjudicado adjudica
notificación: notificar notificó notifica
ubicación: ubicar ubicó ubica
edificación: edificar edificó
fallecimiento: falleció fallecer
cobertura: cubrir cubre
proveer: provee proveen provea proveído
poseer: posee poseen posea poseído
entrar: entra entran entró entraron
planteo: plantear plantea plantean plantee planteado planteada planteados planteamiento
planeación: planear planea planean planeado planeada planeamiento
saneamiento: sanear sanea saneado
monitoreo: monitorear monitorea monitorean monitoreado monitoreando
mapeo: mapear mapea mapean mapeado mapeada
sorteo: sortear sortea sorteado
bloqueo: bloquear bloquea bloquean bloqueado bloqueada
tribu: tribus
información: info infos
petición: pedir pedimos pedido pedidos pidió pidieron pidiendo pido pida
uso: usos usar usa usan use usen usando usarse usarlo usarla usado usada usados usadas
votación: votar vota votan vote voten voto votos votado votando votante votantes
creación: crear crea crean creado creada creados creadas creando
duración: durar duran
donación: donar dona donan donado donada donados donaciones donante donantes
ampliación: ampliar amplían ampliado ampliada ampliando
grabación: grabar graba graban grabado grabada grabando
repetición: repetir repite repitiendo repetido repetida repetidos repetidas
actuación: actuar actúa actúan
migración: migrar migrante migrantes
nacimiento: nacer nace nacen nacido nacida nacidos
separar: separa separan
declarar: declara declaran
comparar: compara comparan
preparar: prepara preparan
reparar: repara reparan
validar: valida validan válido válidos válidas
consistir: consiste consisten
diagnosticar: diagnóstico diagnósticos
abierto: abrir abre abren abra abran abriendo
cocreación: cocrea cocrean cocrear cocreado cocreada cocreados cocreadas cocreando
veeduría: veedor veedora veedores veedoras
rendición: rendir rinde rinden rindo rindan rinda rendimos rendiremos rindió rindieron rendirá rendirán
rendición: rendido rendida rendidas rindiendo
elección: electoral electorales
elegir: elige eligen elija elijan eligió eligieron elegido elegida eligiendo
comida: comer come comiendo comido comió
parto: parir partos
anemia: anémico anémicas
definición: definir define definen defina definan definió definido definida definiendo
decisión: decidir decide deciden decidió decidieron decidido decidida decidiendo
prohibición: prohibir prohíbe prohíben prohibió prohibido prohibida
expedición: expedir expide expiden expidió expidieron expedido expedida
inscripción: inscribir inscribe inscriben inscribió inscrito inscrita inscribiendo
construcción: construir construye construyen construyó construido construida construyendo
protección: proteger protege protegen protegió protegido protegida protegiendo
revisión: revisar revisa revisan revise revisen revisó revisado revisada revisando
difusión: difundir difunde difunden difundió difundido difundida difundiendo
inversión: invertir invierte invierten invirtió invertido invertida
lectura: leer lee leen leyó leyeron leyendo leído leída
primero: primer 1o 1a 1er 1ero 1era 1ro 1ra
segundo: 2o 2a 2do 2da ii
tercero: tercer 3o 3a 3er 3ero 3era 3ro 3ra iii
cuarto: 4o 4a 4to 4ta iv
quinto: 5o 5a 5to 5ta
sexto: 6o 6a 6to 6ta
séptimo: 7o 7a 7mo 7ma vii
octavo: 8o 8a 8vo 8va viii
noveno: 9o 9a 9no 9na ix
décimo: 10o 10a 10mo 10ma
"""


FORMS = [
    (form, noun)
    for noun, _, forms in (line.partition(":") for line in IRREGULAR.split("\n"))
    for form in forms.split()
]


@pytest.mark.parametrize(("form", "noun"), FORMS)
def test_an_irregular_form_has_the_stem_of_its_noun(form, noun):
    assert analyze(form) == analyze(noun) != []


OWN = """
acta acto
actividad activo
autoridad autor
cargo carga
casa caso
comando comer
comunidad comun
considerando considerar
consultivo consulta
cuento cuenta
directiva directo
finalidad final
funcionario funcionar
genero generar
guia guiar
identidad idéntico
correo correa
covid cover
fila file
luz lucas
medida medir
mercado merced
monte montar
pago page
parque parquear
parqueo parque
rata rato
rendimiento rendición
costo costa
venta vent
volcan volcado
area are
barro barra
bebe beber
bordo borde
comida com
habitante habitación
parto partir
pasta pasto
pila pilar
teja tejida
arte artículo
calle callar
camara cama
celular célula
comuna común
constitucion constituye
costa costar
cuadra cuadro
efecto efectivo
emergencia emergente
estandar estando
importancia importar
indice indicar
lista listo
marco marca
mecanismo mecánica
meta meter
mitad mito
nota notar
ordenador orden
parte partir
pared parar
plata plato
presente presentar
sabado sabes
suelo suele
tema temer
termino terminar
universo universidad
verdad verde
importe importar
informe información
junta junto
libro libre
mapa map
marzo marco
mayo may
mesa mes
minuta minuto
monto montar
objetivo objeto
ordenanza orden
organismo orgánico
organo orgánico
parada par
paro par
partida parte
partida partido
partido parte
placa plazo
plano plan
plaza plazo
pozo poco
publicacion público
publicidad público
puerto puerta
quito quitar
sala salida
seccional sección
sede sed
titular título
tratado tratar
elegante elegir
nombre nombrar
nombre nombramiento
tratamiento tratar
"""


PAIRS = [tuple(line.split()) for line in OWN.strip().split("\n")]


def test_each_noun_of_its_own_is_tested():
    assert {noun for noun, _ in PAIRS} == OF_ITS_OWN


@pytest.mark.parametrize(("noun", "other"), PAIRS)
def test_a_noun_of_its_own_is_no_form_of_another_word(noun, other):
    assert analyze(noun) == analyze(f"{noun}s")
    assert not {*analyze(noun), *analyze(f"{noun}s")} & {*analyze(other), *analyze(f"{other}s")}


def test_words_without_a_plural_stay():
    assert [singular(word) for word in ("crisis", "virus", "mes", "gas")] == [
        "crisis",
        "virus",
        "mes",
        "gas",
    ]


@pytest.mark.parametrize(
    ("form", "infinitive"),
    [
        ("pedí", "pedir"),
        ("pedía", "pedir"),
        ("pediría", "pedir"),
        ("recibí", "recibir"),
        ("vendimos", "vender"),
        ("cumplimos", "cumplir"),
        ("elegimos", "elegir"),
        ("participaría", "participar"),
        ("participarían", "participar"),
        ("participábamos", "participar"),
        ("solicitaré", "solicitar"),
        ("respondería", "responder"),
        ("responderá", "responder"),
        ("reunirnos", "reunir"),
        ("reuniéndonos", "reunir"),
        ("organizándonos", "organizar"),
        ("protegernos", "proteger"),
        ("inscribirme", "inscribir"),
        ("leerlo", "leer"),
        ("ayúdenme", "ayudar"),
        ("recíbanos", "recibir"),
        ("cumpliere", "cumplir"),
        ("solicitaren", "solicitar"),
        ("planificaría", "planificar"),
    ],
)
def test_a_form_that_hides_its_infinitive_without_accents_has_its_stem(form, infinitive):
    assert analyze(form) == analyze(infinitive)


@pytest.mark.parametrize(
    ("noun", "verb"),
    [
        ("gobiernos", "gober"),
        ("secretaria", "secretar"),
        ("notaria", "notar"),
        ("funcionaria", "funcionar"),
        ("media", "medir"),
        ("maquinaria", "maquinar"),
        ("escribanos", "escribir"),
        ("feria", "ferir"),
        ("presente", "presar"),
        ("novela", "novar"),
        ("Liberia", "liber"),
        ("mínimos", "minar"),
        ("superan", "supimos"),
        ("liberen", "libro"),
    ],
)
def test_a_noun_that_ends_as_a_verb_s_form_is_none(noun, verb):
    assert analyze(noun) != analyze(verb)


def test_the_feminine_of_a_noun_has_its_stem_though_a_verb_has_that_form():
    assert analyze("secretaria") == analyze("secretario")
    assert analyze("funcionarias") == analyze("funcionario")


def test_a_verb_whose_stem_ends_as_an_infinitive_keeps_its_forms():
    for verb, forms in (("superar", "supera superan supere"), ("liberar", "libere libera")):
        assert {*analyze(forms)} == {*analyze(verb)}
