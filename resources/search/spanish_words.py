"""Spanish words that no rule covers: those that nobody looks for, irregular forms, nouns that look like another word's form."""

STOP_WORDS = frozenset(
    """
    a al algo algun alguna algunas alguno algunos ante aquel aquella aquello aqui asi aun
    aunque bajo cada casi como con contra cosa cosas cual cuales cualquier cuando cuanta
    cuantas cuanto cuantos cuya cuyo da dan de debe deben debo deberia decir del desde dice dicen
    donde dos e el ella ellas ello ellos en encontrar encuentro entonces entre era eran eres
    es esa esas ese eso esos esta estaba estan estar estas este esto estos estoy explica
    explicame favor fue fueron fui ha haber habia hace hacen hacer hacia hago han hasta hay
    he hola ir la las le les lo los mas me mi mia mio mis mucho muy nada ni no nos nosotras
    nosotros nuestra nuestras nuestro nuestros o otra otras otro otros para pero poco
    podemos podria por porque pude puede pueden puedo pues que quien quienes quiere quiero
    saber se sea sean segun ser si sido sin sobre solo son soy su sus tal tambien tampoco
    tan tanto te tener tenemos tengo tiene tienen toda todas todo todos tras tu tus u un una
    unas uno unos usted ustedes va van ver vez vosotros voy y ya yo necesito busco buscar
    buscando sirve significa
    """.split()
)

IRREGULAR = {
    word: noun
    for noun, forms in {
        "peticion": "pedir pedimos pedido pedidos pidio pidieron pidiendo",
        "uso": """usos usar usa usan use usen usando usarse usarlo usarla usado usada usados usadas usamos usaron
            usaba""",
        "votacion": "votar vota votan vote voten voto votos votaron votado votando votante votantes",
        "creacion": "crear crea crean creado creada creados creadas creando",
        "duracion": "durar dura duran",
        "donacion": "donar dona donan donado donada donados donaciones donante donantes",
        "ampliacion": "ampliar amplian ampliado ampliada ampliando",
        "grabacion": "grabar graba graban grabado grabada grabando",
        "repeticion": "repetir repitiendo repetido repetida repetidos repetidas",
        "actuacion": "actuar actua actuan",
        "migracion": "migrar migrante migrantes",
        "nacimiento": "nacer nace nacen nacido nacida nacidos",
        "separar": "separa separan",
        "declarar": "declara declaran",
        "comparar": "compara comparan",
        "preparar": "prepara preparan",
        "reparar": "repara reparan",
        "validar": "valida validan valido validos validas",
        "consistir": "consiste consisten",
        "diagnosticar": "diagnostico diagnosticos",
        "traslado": "trasladar traslada trasladan",
        "proveer": "provee proveen provea proveido",
        "poseer": "posee poseen posea poseido",
        "entrar": "entra entran entro entraron",
        "planteo": "plantear plantea plantean plantee planteado planteada planteados planteamiento",
        "planeacion": "planear planea planean planeado planeada planeamiento",
        "saneamiento": "sanear sanea saneado",
        "monitoreo": "monitorear monitorea monitorean monitoreado monitoreando",
        "mapeo": "mapear mapea mapean mapeado mapeada",
        "sorteo": "sortear sortea sorteado",
        "bloqueo": "bloquear bloquea bloquean bloqueado bloqueada",
        "taxi": "taxis",
        "tribu": "tribus",
        "democracia": "democratico democratica",
        "abierto": "abrir abre abren abra abran abriendo",
        "articulo": "art arts",
        "numero": "num nro",
        "solicitud": """solicitar solicita solicitan solicito solicite soliciten solicitado solicitada solicitados
            solicitadas solicitando solicitante solicitantes""",
        "respuesta": """responder responde responden respondo responda respondan respondio respondieron respondido
            respondida""",
        "propuesta": """proponer propone proponen propongo proponga propongan propuso propuesto propuestos
            proponiendo""",
        "reunion": "reunir reune reunen reunirse reunido reunidos reunida",
        "juventud": "joven jovenes juvenil",
        "vigencia": "vigente vigentes",
        "discapacidad": "discapacitado discapacitada discapacitados discapacitadas",
        "adhesion": "adherir adherirse adhiere adhieren adhirio adherido adherida",
        "convocatoria": "convocar convoca convocan convoco convocado convocada convocando",
        "promesa": "prometer promete prometen prometio prometido",
        "corrupcion": "corrupto corrupta corruptos corruptas",
        "comunicacion": "comunica comunican",
        "aprobacion": "aprueba aprueban apruebe aprueben apruebo",
        "resolucion": "resolver resuelve resuelven resuelva resuelvan resolvio resuelto resuelta resueltos",
        "negar": "negacion niega niegan niegue nieguen",
        "denegacion": "deniega deniegan deniegue denieguen",
        "requerir": "requiere requieren requiera requieran requirio requiriendo",
        "devolucion": "devolver devuelve devuelven devuelva devuelvan devolvio devuelto devuelta",
        "remocion": "remover remueve remueven remueva removio removido removida",
        "adquisicion": "adquirir adquiere adquieren adquiera adquieran adquirio adquirido adquirida adquiridos",
        "transferencia": "transferir transfiere transfieren transfiera transfirio transferido transferida",
        "convertir": "convierte convierten convierta conviertan convirtio",
        "atencion": "atender atiende atienden atienda atiendan atendio atendido atendida",
        "prevencion": "prevenir previene previenen prevenga prevengan prevenido prevenida",
        "obtencion": "obtener obtiene obtienen obtengo obtenga obtengan obtuvo obtenido obtenida",
        "mantenimiento": "mantener mantiene mantienen mantenga mantengan mantuvo mantenido mantenida",
        "inclusion": """incluir incluye incluyen incluya incluyan incluyo incluyeron incluyendo incluido incluida
            incluidos""",
        "exclusion": "excluir excluye excluyen excluya excluyo excluido excluida",
        "distribucion": "distribuir distribuye distribuyen distribuya distribuido distribuida",
        "sustitucion": "sustituir sustituye sustituyen sustituya sustituido sustituida",
        "reduccion": "reducir reduce reducen reduzca reduzcan redujo reducido reducida",
        "correccion": "corregir corrige corrigen corrija corregido corregida",
        "medicion": "medir mide miden midio midiendo",
        "cocreacion": "cocrea cocrean cocrear cocreado cocreada cocreados cocreadas cocreando",
        "ciudadano": "ciudadania",
        "alcalde": "alcaldesa alcaldia alcaldias",
        "veeduria": "veedor veedora veedores veedoras",
        "rendicion": """rendir rinde rinden rindo rindan rinda rendimos rendiremos rindio rindieron rendira
            rendiran rendido rendida rendidas rindiendo""",
        "eleccion": "elegir elige eligen elija elijan eligio eligieron elegido elegida eligiendo electoral",
        "seguir": "sigue siguen sigo siga sigan siguio siguieron siguiendo",
        "derogacion": "derogatorio derogatoria",
        "reforma": "reformatorio reformatoria",
        "norma": "normativo normativa",
        "ambiente": "ambiental",
        "canton": "cantonal",
        "comercio": "comercial",
        "comunidad": "comunitario comunitaria",
        "consultivo": "consultiva",
        "contrato": "contractual",
        "cultura": "cultural",
        "disciplina": "disciplinario disciplinaria",
        "ecuador": "ecuatoriano ecuatoriana",
        "empresa": "empresarial",
        "funcionario": "funcionaria",
        "industria": "industrial",
        "medioambiente": "medioambiental",
        "ministerio": "ministerial",
        "parroquia": "parroquial",
        "patrimonio": "patrimonial",
        "peaton": "peatonal",
        "presupuesto": "presupuestario presupuestaria presupuestal",
        "predio": "predial",
        "prioridad": "prioritario prioritaria",
        "provincia": "provincial",
        "publicacion": """publicar publican publique publiquen publicaron publicado publicada publicados publicadas
            publicando""",
        "region": "regional",
        "territorio": "territorial",
        "tributo": "tributario tributaria",
        "turismo": "turistico turistica",
        "universidad": "universitario universitaria",
        "urbanismo": "urbanistico urbanistica",
        "vecino": "vecinal",
        "gratuito": "gratis gratuidad",
        "definicion": "definir define definen defina definan definio definido definida definiendo",
        "decision": "decidir decide deciden decidio decidieron decidido decidida decidiendo",
        "prohibicion": "prohibir prohibe prohiben prohibio prohibido prohibida",
        "expedicion": "expedir expide expiden expidio expidieron expedido expedida",
        "inscripcion": "inscribir inscribe inscriben inscribio inscrito inscrita inscribiendo",
        "construccion": """construir construye construyen construyo construya construyan construido construida
            construyendo""",
        "proteccion": "proteger protege protegen protegio protegido protegida protegiendo",
        "revision": "revisar revisa revisan revise revisen reviso revisado revisada revisando",
        "difusion": "difundir difunde difunden difundio difundido difundida difundiendo",
        "inversion": "invertir invierte invierten invirtio invertido invertida",
        "lectura": "leer lee leen lea lean leyo leyeron leyendo leido leida",
        "3": "tres",
        "4": "cuatro",
        "5": "cinco",
        "6": "seis",
        "7": "siete",
        "8": "ocho",
        "9": "nueve",
        "10": "diez",
        "15": "quince",
        "20": "veinte",
        "30": "treinta",
        "primero": "primer 1o 1a 1er 1ero 1era 1ro 1ra",
        "segundo": "2o 2a 2do 2da ii",
        "tercero": "tercer 3o 3a 3er 3ero 3era 3ro 3ra iii",
        "cuarto": "4o 4a 4to 4ta iv",
        "quinto": "5o 5a 5to 5ta",
        "sexto": "6o 6a 6to 6ta",
        "septimo": "7o 7a 7mo 7ma vii",
        "octavo": "8o 8a 8vo 8va viii",
        "noveno": "9o 9a 9no 9na ix",
        "decimo": "10o 10a 10mo 10ma",
    }.items()
    for word in forms.split()
}
"""Forms of one word that no stemmer joins, numbers and ordinals among them → the form whose stem they take."""

OTHER_VOWEL = {
    "cerrar": "cierr",
    "comenzar": "comienz comienc",
    "comprobar": "comprueb",
    "conseguir": "consig consigu",
    "convenir": "convien",
    "defender": "defiend",
    "demostrar": "demuestr",
    "dirigir": "dirij",
    "empezar": "empiez empiec",
    "entender": "entiend",
    "exigir": "exij",
    "extender": "extiend",
    "impedir": "impid",
    "mostrar": "muestr",
    "mover": "muev",
    "pensar": "piens",
    "perder": "pierd",
    "peticion": "pid",
    "preferir": "prefier",
    "probar": "prueb",
    "promover": "promuev",
    "recomendar": "recomiend",
    "recordar": "recuerd",
    "referir": "refier",
    "renovar": "renuev",
    "repeticion": "repit",
    "sugerir": "sugier",
    "volver": "vuelv",
}
"""Verbs (or their nouns) → how they begin in the present, where the stress changes a vowel or a letter."""

IRREGULAR |= {
    beginning + ending: IRREGULAR.get(verb, verb)
    for verb, beginnings in OTHER_VOWEL.items()
    for beginning in beginnings.split()
    for ending in ("o", "a", "as", "an", "e", "es", "en")
}

OF_ITS_OWN = frozenset(
    """
    acta actividad arte autoridad calle camara cargo casa celular comando comuna comunidad considerando
    constitucion consultivo costa cuadra cuento directiva efecto emergencia estandar finalidad funcionario
    genero guia identidad importancia importe indice informe junta libro lista mapa marco marzo mayo
    mecanismo mesa meta minuta mitad monto nota objetivo ordenador ordenanza organismo organo parada pared
    paro parte partida partido placa plano plata plaza pozo presente publicacion publicidad puerto quito
    sabado sala seccional sede suelo tema termino titular tratado tratamiento universo verdad
    """.split()
)
"""Nouns that are taken for a form of another word (acto, activo, autor, carga, caso, común, cuenta, directo, fin, función,
generar, idéntico, importar …): each is its own stem."""
