"""Spanish words that no rule covers: those that nobody looks for, irregular forms, nouns that look like another word's form."""

STOP_WORDS = frozenset(
    """
    a al algo algun alguna algunas alguno algunos ante aquel aquella aquello aqui asi aun aunque bajo cada
    casi como con contra cosa cosas cual cuales cualquier cuando cuanta cuantas cuanto cuantos cuya cuyo da
    dan de debe deben deberia debo del desde dice dicen donde dos e el ella ellas ello ellos en entonces
    entre era eran eres es esa esas ese eso esos esta estaba estan estar estas este esto estos estoy favor
    fue fueron fui ha haber habia hace hacen hacer hacia hago han hasta hay he hola ir la las le les lo los
    mas me mi mia mio mis mucho muy nada necesito ni no nos nosotras nosotros nuestra nuestras nuestro
    nuestros o otra otras otro otros para pero poco podemos podria por porque pude puede pueden puedo pues
    que quien quienes quiere quiero se sea sean segun ser si sido sin sirve sobre solo son soy su sus tal
    tambien tampoco tan tanto te tenemos tener tengo tiene tienen toda todas todo todos tras tu tus u un una
    unas uno unos usted ustedes va van ver vez vosotros voy y ya yo
    """.split()
)
"""Words that stand everywhere: neither kept nor asked for."""

ASKED_WITH = frozenset(
    """
    buscando buscar busco decir descargar descargo encontrar explica explicame favor link saber significa
    """.split()
)
"""Words of a question rather than of what it is about: kept, but asked for only where there are no others."""

PLACES = frozenset(
    """
    ambato america argentina atuntaqui azogues azuay babahoyo bogota bolivar bolivia caracas carchi catamayo
    cayambe cañar chile chimborazo chinchipe chone coca colombia cotacachi cotopaxi cuenca daule duran
    ecuador esmeraldas galapagos guaranda guatemala guayaquil guayas honduras ibarra imbabura jipijapa
    latacunga latinoamerica lima loja macas machala manabi manta medellin mexico milagro montecristi
    montevideo napo nicaragua orellana otavalo panama paraguay pasaje pastaza peru pichincha portoviejo puyo
    quevedo quito riobamba rumiñahui salinas samborondon santiago sucumbios tena tsachilas tulcan tumbaco
    tungurahua uruguay venezuela zamora
    """.split()
)
"""Names of provinces, cities and countries, which are no slips of other words (Ambato, ámbito)."""

NOUN_OF_VERB = dict(
    pair.split(":")
    for pair in """
    acceder:acceso adherir:adhesion admitir:admision adoptar:adopcion adquirir:adquisicion advertir:advertencia
    agredir:agresion arrendar:arriendo absorber:absorcion atender:atencion ceder:cesion elegir:eleccion
    componer:composicion comprender:comprension conceder:concesion concluir:conclusion conducir:conduccion
    construir:construccion contravenir:contravencion convertir:conversion convocar:convocatoria
    corregir:correccion cubrir:cobertura decidir:decision deducir:deduccion definir:definicion demoler:demolicion
    describir:descripcion destruir:destruccion detener:detencion devolver:devolucion difundir:difusion
    discutir:discusion disolver:disolucion disponer:disposicion emitir:emision evadir:evasion excluir:exclusion
    exhibir:exhibicion eximir:exencion expandir:expansion expedir:expedicion exponer:exposicion
    expresar:expresion extender:extension extinguir:extincion heredar:herencia imponer:imposicion
    imprimir:impresion incluir:inclusion influir:influencia infringir:infraccion inscribir:inscripcion
    instruir:instruccion interrumpir:interrupcion intervenir:intervencion introducir:introduccion
    invadir:invasion invertir:inversion limpiar:limpieza mantener:mantenimiento nutrir:nutricion
    obstaculizar:obstaculo obtener:obtencion omitir:omision oponer:oposicion percibir:percepcion
    preferir:preferencia prescribir:prescripcion prevenir:prevencion producir:produccion prohibir:prohibicion
    prometer:promesa proponer:propuesta proteger:proteccion reciclar:reciclaje recolectar:recoleccion
    reducir:reduccion remitir:remision remover:remocion rendir:rendicion reponer:reposicion
    reproducir:reproduccion residir:residencia resolver:resolucion responder:respuesta restringir:restriccion
    retener:retencion reunir:reunion revisar:revision satisfacer:satisfaccion sembrar:siembra solicitar:solicitud
    sugerir:sugerencia supervisar:supervision suprimir:supresion suscribir:suscripcion suspender:suspension
    sustituir:sustitucion traducir:traduccion transcribir:transcripcion transferir:transferencia
    transmitir:transmision vender:venta
    """.split()
)
"""Verbs whose noun Snowball does not join with them: all their forms take its stem."""


def _table(lines: str) -> dict[str, list[str]]:
    """Return word → forms, of entries between semicolons, "word: form form"."""
    entries = (entry.split(":") for entry in lines.split(";"))
    return {word.strip(): forms.split() for word, forms in entries}


_FORMS = _table(
    """
    informacion: info infos; via: vial viales vialidad;
    peticion: pedir pedimos pedido pedidos pidio pidieron pidiendo;
    uso: usos usar usa usan use usen usando usarse usarlo usarla usado usada usados usadas usamos usaron usaba;
    votacion: votar vota votan vote voten voto votos votaron votado votando votante votantes;
    creacion: crear crea crean creado creada creados creadas creando;
    cocreacion: cocrea cocrean cocrear cocreado cocreada cocreados cocreadas cocreando;
    publicacion: publicar publican publique publiquen publicaron publicado publicada publicados publicadas publicando;
    lectura: leer lee leen lea lean leyo leyeron leyendo leido leida; medicion: medir mide miden midio midiendo;
    abierto: abrir abre abren abra abran abriendo abrieron apertura; duracion: durar duran;
    donacion: donar dona donan donado donada donados donaciones donante donantes;
    ampliacion: ampliar amplian ampliado ampliada ampliando;
    grabacion: grabar graba graban grabado grabada grabando;
    repeticion: repetir repitiendo repetido repetida repetidos repetidas; actuacion: actuar actua actuan;
    migracion: migrar migrante migrantes;
    proyeccion: proyectar proyectan proyectado proyectada proyectados proyectadas proyectaron;
    castracion: castrar castran castren castrado castrada castrados castradas;
    nacimiento: nacer nace nacen nacido nacida nacidos; muerte: morir muere mueren murio murieron muerto muerta;
    mordedura: morder muerde muerden mordio mordido mordida; riego: regar riega riegan regado regadio;
    costo: costar coste cuesta cuestan costaba costara;
    pago: pagar paga pagan pagado pagada pagados pague paguen pagaron; separar: separa separan;
    declarar: declara declaran; comparar: compara comparan; preparar: prepara preparan; reparar: repara reparan;
    validar: valida validan valido validos validas; consistir: consiste consisten;
    diagnosticar: diagnostico diagnosticos; traslado: trasladar traslada trasladan trasladados trasladadas;
    proveer: provee proveen provea proveido; poseer: posee poseen posea poseido;
    entrar: entra entran entro entraron;
    planteo: plantear plantea plantean plantee planteado planteada planteados planteamiento;
    planeacion: planear planea planean planeado planeada planeamiento; saneamiento: sanear sanea saneado;
    monitoreo: monitorear monitorea monitorean monitoreado monitoreando;
    mapeo: mapear mapea mapean mapeado mapeada; sorteo: sortear sortea sorteado;
    bloqueo: bloquear bloquea bloquean bloqueado bloqueada;
    parqueo: parquear parquea parqueado parqueadero parqueaderos; edificacion: edifico; taxi: taxis;
    tribu: tribus; luz: luces; articulo: art arts; numero: num nro;
    corrupcion: corrupto corrupta corruptos corruptas;
    discapacidad: discapacitado discapacitada discapacitados discapacitadas; juventud: joven jovenes juvenil;
    vigencia: vigente vigentes; ciudadano: ciudadania; alcalde: alcaldesa alcaldia alcaldias;
    veeduria: veedor veedora veedores veedoras; definir: definio definieron; decidir: decidio decida decidan;
    difundir: difundio; reunir: reune reunen reunio; negar: negacion;
    rendir: rendimos rindio rindieron rindiendo; seguir: siguio siguieron siguiendo;
    elegir: eligio eligieron eligiendo; eleccion: electoral;
    comida: comer come comen comiendo comio comieron comido; parto: parir pario paren; anemia: anemico anemica;
    corregir: corrigio corrigieron; convertir: convirtio convirtieron; invertir: invirtio invirtieron;
    intervenir: interviene intervienen intervino intervinieron; adherir: adhirio adhirieron; adquirir: adquirio;
    prevenir: previene previenen prevenga prevengan; requerir: requirio requirieron requiriendo;
    sugerir: sugirio sugirieron; transferir: transfirio transfirieron;
    resolver: resuelto resuelta resueltos resueltas; devolver: devuelto devuelta devueltos; remover: removio;
    proteger: protegio proteja protejan; expedir: expidio expidieron;
    incluir: incluyo incluyeron incluya incluyan; construir: construyo construyeron construya construyan;
    destruir: destruyo destruyeron; reducir: redujo redujeron; producir: produjo produjeron;
    traducir: tradujo tradujeron; obtener: obtuvo obtuvieron; mantener: mantuvo mantuvieron;
    detener: detuvo detuvieron; retener: retuvo retuvieron; proponer: propuso propusieron propuesto propuestos;
    disponer: dispuso dispusieron dispuesto; exponer: expuso expusieron expuesto; imponer: impuso impusieron;
    inscribir: inscribio inscrito inscrita inscritos inscritas; describir: descrito descrita descritos descritas;
    suscribir: suscrito suscrita suscritos suscritas; prescribir: prescrito prescrita;
    imprimir: impreso impresa impresos impresas; ambiente: ambiental; canton: cantonal; comercio: comercial;
    comunidad: comunitario comunitaria; consultivo: consultiva; contrato: contractual; cultura: cultural;
    democracia: democratico democratica; derogacion: derogatorio derogatoria;
    disciplina: disciplinario disciplinaria; ecuador: ecuatoriano ecuatoriana; empresa: empresarial;
    funcionario: funcionaria; gratuito: gratis gratuidad; industria: industrial; medioambiente: medioambiental;
    ministerio: ministerial; norma: normativo normativa; parroquia: parroquial; patrimonio: patrimonial;
    peaton: peatonal; predio: predial; presupuesto: presupuestario presupuestaria presupuestal;
    prioridad: prioritario prioritaria; provincia: provincial; reforma: reformatorio reformatoria;
    region: regional; territorio: territorial; tributo: tributario tributaria; turismo: turistico turistica;
    universidad: universitario universitaria; urbanismo: urbanistico urbanistica; vecino: vecinal; 3: tres;
    4: cuatro; 5: cinco; 6: seis; 7: siete; 8: ocho; 9: nueve; 10: diez; 15: quince; 20: veinte; 30: treinta;
    primero: primer 1o 1a 1er 1ero 1era 1ro 1ra; segundo: 2o 2a 2do 2da ii;
    tercero: tercer 3o 3a 3er 3ero 3era 3ro 3ra iii; cuarto: 4o 4a 4to 4ta iv; quinto: 5o 5a 5to 5ta;
    sexto: 6o 6a 6to 6ta; septimo: 7o 7a 7mo 7ma vii; octavo: 8o 8a 8vo 8va viii; noveno: 9o 9a 9no 9na ix;
    decimo: 10o 10a 10mo 10ma
    """
)
_OTHER_VOWEL = _table(
    """
    adherir: adhier; adquirir: adquier; advertir: adviert; aprobar: aprueb; atender: atiend; cerrar: cierr;
    comenzar: comienz comienc; comprobar: comprueb; conseguir: consig consigu; convenir: convien;
    convertir: conviert; corregir: corrij corrig; defender: defiend; demostrar: demuestr;
    denegar: denieg deniegu; devolver: devuelv; dirigir: dirij; disolver: disuelv; elegir: elij elig;
    empezar: empiez empiec; entender: entiend; exigir: exij; expedir: expid; extender: extiend; impedir: impid;
    invertir: inviert; mostrar: muestr; mover: muev; negar: nieg niegu; pensar: piens; perder: pierd;
    peticion: pid; preferir: prefier; probar: prueb; promover: promuev; recomendar: recomiend; recordar: recuerd;
    referir: refier; remover: remuev; rendir: rind; renovar: renuev; repeticion: repit; requerir: requier;
    resolver: resuelv; seguir: sig sigu; sugerir: sugier; transferir: transfier; volver: vuelv
    """
)
"""Verbs (or their nouns) → how they begin in the present, where the stress changes a vowel or a letter."""

IRREGULAR = {form: base for base, forms in _FORMS.items() for form in forms}
"""Forms of one word that no stemmer joins, numbers and ordinals among them → the form whose stem they take."""
IRREGULAR |= {
    beginning + ending: IRREGULAR.get(verb, verb)
    for verb, beginnings in _OTHER_VOWEL.items()
    for beginning in beginnings
    for ending in ("o", "a", "as", "an", "e", "es", "en")
}

OF_ITS_OWN = frozenset(
    """
    acta actividad area arte autoridad barro bebe bordo calle camara cargo casa celular comando comida
    comuna comunidad considerando constitucion consultivo correo costa costo covid cuadra cuento directiva
    efecto elegante emergencia estandar fila finalidad funcionario genero guia habitante identidad
    importancia importe indice informe junta libro lista luz mapa marco marzo mayo mecanismo medida mercado
    mesa meta minuta mitad monte monto nombre nota objetivo ordenador ordenanza organismo organo pago parada pared
    paro parque parqueo parte partida partido parto pasta pila placa plano plata plaza pozo presente
    publicacion publicidad puerto quito rata rendimiento sabado sala seccional sede suelo teja tema termino
    titular tratado tratamiento universo venta verdad volcan
    """.split()
)
"""Nouns that are taken for a form of another word (acto, activo, autor, carga, caso, común, cuenta, directo, fin, función,
generar, idéntico, importar …): each is its own stem."""
