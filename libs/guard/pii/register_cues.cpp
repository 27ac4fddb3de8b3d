// Words that say what the capitalised words beside them are, and more names of streets and legal forms. Folded, like
// the lists of word_lists.cpp; written from general knowledge of the languages.
#include "guard/pii/register.h"
#include "guard/pii/word_lists.h"

namespace sluice::guard::pii {
namespace {

constexpr CueList cues[] = {
    {listed::article,
     "the an this that these those your our its their every each any all some der die das den dem ein eine einen "
     "einem einer le la les un une el los las il lo gli het een using via set use new run default standard "
     "current same other various first second latest original"},
    // "Firma X", "the company X"; the name follows in any of these languages, declined or not.
    {listed::firm,
     "firma firmie firme firmy firmou firmu unternehmen unternehmens konzern arbeitgeber societe entreprise compagnie "
     "employeur empresa compania sociedad ditta azienda societa impresa companhia bedrijf werkgever spolka spolce "
     "spolki foretaget foretag bolaget firmaet selskabet selskapet virksomheden bedriften yritys yritykselle yrityksen "
     "yrityksesta spolecnost spolecnosti compania companiei societatea ceg cegnel tvrtka tvrtke tvrtki poduzece firman "
     "εταιρεια εταιρια εταιρειασ компания компании компанию компанией фирма фирмы фирме employer vendor supplier "
     "company"},
    {listed::house,
     "klinikum klinik autohaus stadtwerke backerei metzgerei gasthof gasthaus spedition kanzlei druckerei brauerei "
     "molkerei tischlerei schreinerei verlag hotel restaurant kreissparkasse volksbank raiffeisenbank landesbank "
     "stadtsparkasse hochschule gymnasium grundschule realschule "
     "groupe clinique hopital boulangerie patisserie boucherie menuiserie garage laboratoire laboratoires transports "
     "etablissements cabinet maison librairie pharmacie fondation association editions lycee college ecole caisse "
     "mutuelle "
     "grupo clinica hospital panaderia ferreteria farmacia talleres construcciones transportes aceites bodegas "
     "laboratorios editorial fundacion asociacion instituto colegio escuela caja banco inmobiliaria distribuciones "
     "gruppo ospedale officina officine caseificio pasticceria panificio trattoria ristorante farmacia autofficina "
     "cantina cantine edizioni fondazione istituto liceo banca cassa studio "
     "construtora oficina padaria conservas farmacia fundacao associacao escola editora grupo "
     "bakkerij slagerij adviesbureau stichting zorggroep ziekenhuis garagebedrijf uitgeverij aannemersbedrijf "
     "transportbedrijf apotheek basisschool "
     "piekarnia zaklady zaklad przychodnia kancelaria apteka fundacja stowarzyszenie szpital hurtownia wydawnictwo "
     "szkola przedsiebiorstwo "
     "fastighets tvatteriet vardcentralen bageriet stiftelsen forlaget bokforlaget advokatfirman advokatfirmaet "
     "fonden sykehuset sygehuset radgivningsgruppen "
     "pekarna strojirny nakladatelstvi nemocnice lekarna pekara gradnja bolnica ljekarna odvjetnicki "
     "brutaria cabinetul spitalul farmacia asociatia fundatia agrocom construct "
     "ελαιουργια τεχνικη φουρνοσ εκδοσεισ κλινικη νοσοκομειο φαρμακειο τραπεζα ομιλοσ"},
    {listed::place_noun,
     "bahnhof hauptbahnhof amtsgericht landgericht rathaus flughafen stadt gemeinde ortschaft kreis landkreis "
     "gare aeroport commune mairie ville village prefecture ciudad municipio aeropuerto estacion pueblo ayuntamiento "
     "stazione comune aeroporto citta paese municipio cidade vila concelho gemeente station gmina powiat miasto "
     "miescie miasta obec mesto mesta obci lufthavn stationen kommunen byen gradu grad grada orasul comuna varos "
     "varosabol town village city suburb hamlet outskirts borough πολη χωριο город городе село деревня"},
    {listed::beside,
     "near nearby outside nahe unweit cerca vicino perto dichtbij kolo okolice poblizu blizu nara naer "
     "lahella "
     "langa aproape kozeleben yakininda"},
    {listed::to_person,
     "ask asks asked tell tells told remind reminds reminded invite invites invited thank thanks thanked congratulate "
     "met interviewed hired fired emailed phoned texted named called frag frage fragte sag erinnere danke demande "
     "demandez dis pregunta dile preguntale chiedi pergunta vraag zapytaj fraga sporg"},
    {listed::road, "street avenue road lane boulevard drive blvd ave rd terrace crescent parkway highway quay"},
    {listed::journey,
     "moved move moves moving relocate commute commutes drove drive train bus ferry visit visited visiting weekend "
     "wedding married honeymoon funeral stayed staying studied concert conference cottage farm shop store bakery cafe "
     "restaurant church school hospital university stadium ranch cabin beach lake festival "
     "zog zogen umgezogen gezogen zieht fahre fahrt fahren zug reise reisen urlaub ferien hochzeit besuch krankenhaus "
     "demenage voyage vacances parti partons partis gare ecole hopital mariage "
     "viaje viajo viajar viajamos mudo mudarse trasladado boda vacaciones tren escuela abrio "
     "viaggio trasferito trasferita partono parto vacanza treno matrimonio scuola andiamo "
     "viagem mudou viajar viajou ferias comboio casamento escola "
     "verhuist verhuisd verhuisde reis reizen vakantie trein bruiloft ziekenhuis "
     "przeprowadzil przeprowadzila podroz wakacje jedzie jedziemy pociag slub szpital urlop "
     "flyttade flytta flyttat resa reser semester taget tag tog brollop rejse flyttede flyttet ferie bryllup "
     "muutti muuttaa matka matkustaa loma juna jede jedeme stehoval odstehoval dovolena vlak svatba "
     "mutat pleaca calatorie vacanta nunta koltozott utazik nyaralas eskuvo putuje preselio preselila vjencanje"},
    // Products and technologies whose names could be a person's.
    {listed::ordinary,
     "apache kafka jenkins ansible terraform grafana prometheus kibana elastic logstash nginx hadoop spark airflow "
     "cassandra django flask laravel symfony rails spring hibernate maven gradle jira confluence bitbucket trello "
     "asana "
     "notion figma photoshop illustrator powerpoint sharepoint onedrive dropbox salesforce hubspot zendesk shopify "
     "wordpress drupal joomla magento oracle mariadb sqlite postgres haskell erlang elixir scala kotlin swift perl lua "
     "fortran cobol pascal delphi lisp scheme clojure prolog matlab latex emacs vim gnome fedora centos suse gentoo "
     "alpine unix posix solaris chromium electron webpack babel eslint prettier svelte bootstrap tailwind mono serif "
     "sans mako jinja nimrod modula basic git mercurial bazaar cyrus samba wine bash zsh fish alexa cortana tesla "
     "azure "
     "visual studio stack overflow outlook gmail chrome firefox safari opera edge brave tor signal telegram discord "
     "mastodon reddit medium substack patreon stripe square plaid zelle venmo okta auth duo keycloak vault consul "
     "nomad "
     "packer vagrant puppet chef salt helm istio envoy linkerd calico flannel rook ceph gluster minio celery dask "
     "numba "
     "pandas numpy scipy keras torch spacy gensim cython jupyter anaconda conda ipython nodejs deno bun nest nuxt "
     "remix "
     "gatsby hugo jekyll pelican ghost strapi sanity prisma drizzle sequelize mongoose junit mockito selenium cypress "
     "playwright puppeteer postman swagger insomnia datadog splunk sentry newrelic snowflake redshift athena looker "
     "tableau metabase superset fivetran airbyte segment amplitude mixpanel mistral llama gemma falcon whisper bard "
     "bold oblique italic condensed copilot cursor windsurf codex sonnet opus haiku"},
    // German has its nouns with capitals: what follows "in", "nach", "zur" and is no name.
    {listed::ordinary,
     "hause miete rente pension teilzeit vollzeit elternzeit mutterschutz urlaub betrieb zukunft ruhe frieden kurze "
     "absprache rucksprache vereinbarung bedarf angabe moglichkeit wunsch anfrage vertrag rechnung angebot termin buro "
     "kontakt verbindung ordnung zusammenarbeit bezug form hohe zeit jahr monat woche tag stunde minute quartal "
     "halbjahr abend morgen mittag nacht nachmittag vormittag anfang ende mitte anhang anlage datei tabelle liste "
     "abschnitt kapitel seite zeile spalte fall frage antwort grund ziel teil raum zimmer haus wohnung garten strasse "
     "schule arbeit firma abteilung leitung praxis klinik kirche mutter vater eltern kind kinder frau mann leute "
     "person "
     "kunde kunden kundin mieter mieterin vermieter nachbar kollege kollegin chef lehrer lehrerin arzt arztin anwalt "
     "brief mail nachricht anruf gesprach sitzung besprechung protokoll bericht entwurf fassung version nummer konto "
     "betrag summe preis kosten zahlung mahnung kundigung bestellung lieferung paket karte karten reise zug bahn auto "
     "flug hotel essen wasser kaffee geld bank land welt leben liebe gluck problem losung hilfe bitte dank gruss "
     "grusse wetter sommer winter herbst norden suden osten westen stadt dorf gemeinde adresse anschrift name namen"},
    {listed::form,
     "services service systems logistics freight shipping foods brewing brewery bakery motors energy capital media "
     "pictures records studios publishing press dynamics engineering construction builders plumbing roofing dental "
     "veterinary hospital clinic medical health healthcare pharmacy academy school preschool seminary credit savings "
     "realty properties estates hotels resorts travel tours airways railways trucking freightways outfitters "
     "supplies supply manufacturing fabrication fasteners optics electronics robotics biotech therapeutics diagnostics "
     "analytics software interactive digital networks communications telecom wireless financial finance trust equity "
     "investments advisors advisers accountants solicitors attorneys architects consultants foundation charity "
     "fellowship ministries farms dairy vineyards winery orchards nursery florist florists bistro diner grill "
     "maschinenbau pflegedienst transporte bau elektrotechnik haustechnik immobilien verlag steuerberatung "
     "entreprise entreprenor bygg mekaniska maskinfabrik fiskehus transport tekstil lojistik gida insaat sanayi "
     "ticaret turizm hukuk leipomo kiinteistohuolto rakennus sahkotyo fogaszat gepgyarto nyomda"},
};

constexpr WordList lists[] = {
    {flag::company,
     "spolka gbr ohg partgmbb ohg kgaa eirl eurl scop sci scp sasu gie snc sca sapa ltda eireli epp slp slne "
     "vof cv maatschap handelsbolag aktiebolag kommanditbolag amba fmba tmi avoin "
     "zs doo dd jdoo pfa srl-d kkt ooo oao zao pao ип ооо оао зао пао αε επε οε εε ικε sti tic koll "
     "pvt tbk pcl oo sohne fils figli hijos hermanos filhos associados zonen soner sonner wspolnicy synowie "
     "partneri tarsa ogullari kardesler holdings bancorp bancshares"},
    {flag::street,
     "rise yard parade promenade maltings vale dale meadow meadows orchard cove bend crossing xing trl trail "
     "expressway expwy freeway fwy turnpike tpke causeway esplanade garth croft drove wynd brae loan paddock "
     "byway knoll estate villas pike cswy "
     "chaussee promenade graben stieg pfad markt twiete zeile anger "
     "kade singel dijk steeg pad dreef straatweg kerkstraat markt gade stræde straede vang allé torv "
     "boulevarden granden backen stigen torget torg gard garden backe bakken bakke plass tunet svingen lia "
     "polku raitti tori puistokatu kaari rinne ranta "
     "utcaja uton korut koz setany fasor dulo lakotelep "
     "caddesi cad sokak sokagi sk bulvari blv meydani mahallesi mah yolu cikmazi "
     "trida nabrezi ulice prilaz odvojak setaliste obala"},
    {flag::way,
     "quartier sentier esplanade rond-point lieu-dit faubourg montee venelle bd av ave "
     "pl ronda glorieta travesia pasaje callejon cuesta plaza rambla passeig urbanizacion poligono avda "
     "strada viottolo lungomare lungotevere contrada localita salita galleria borgo piazzale piazzetta viale p.za "
     "largo praceta beco calcada rotunda av os osiedle rynek bulwar skwer rondo "
     "namesti nabrezi trida ulice nabr soseaua aleea intrarea splaiul piata bdul bd fundatura "
     "улица ул проспект просп пр-т переулок пер бульвар набережная наб площадь шоссе οδοσ οδο λεωφοροσ πλατεια"},
    {flag::place, "u.s|u.k|u.s.a|u.a.e"},
    {flag::work,
     "bought purchased invested merger acquisition stake shopping subscription refund ordered shareholders bestellt "
     "gekauft achete comprado comprato gekocht kupil kopte"},
    {flag::person_verb,
     "phoned texted emailed insisted complained apologised apologized confirmed promised warned noted recalled "
     "remembered whispered shouted laughed smiled nodded sighed agreed objected signed paid bought sold visited left "
     "arrived returned decided hopes hoped feels felt sagt sagte schrieb schreibt fragt fragte meint meinte rief ruft "
     "kommt kam wohnt arbeitet antwortete erklarte bestatigte dit ecrit demande habite travaille repond appelle "
     "telephone dice dijo escribio llamo pregunto respondio vive trabaja scrive disse detto chiama abita lavora "
     "escreveu ligou perguntou respondeu trabalha mora zegt zei schreef belde vroeg woont werkt powiedzial powiedziala "
     "napisal napisala zadzwonil zadzwonila pyta mieszka pracuje sager sade skrev ringde ringede fragade bor arbetar "
     "arbejder sanoi kirjoitti soitti kysyi asuu rekl rekla napsal napsala volal volala bydli dedi sordu yazdi aradi "
     "spus spune scrie locuieste mondta irta kerdezte lakik kaze pise zivi radi"},
    {flag::title,
     "signor signora pani pan panu panem pana senhor senhora sra gospodin gospodja gdin gdja "
     "domnul doamna kyria kyrios κυριοσ κυρια κ κα bey hanim"},
    {flag::institution, "clinic klinik academy akademie akademia gymnasium"},
};

}  // namespace

std::span<const CueList> register_cues() noexcept {
  return cues;
}

std::span<const WordList> more_cue_lists() noexcept {
  return lists;
}

}  // namespace sluice::guard::pii
