#include "guard/injection/concepts.h"

#include <array>
#include <unordered_map>

namespace sluice::guard {
namespace {

// One concept a row; the order gives the number. Words after the line break are not English.
constexpr std::string_view concepts[] = {
    // you; I; not; only
    "you your yours yourself you're you've you'll u ur ya thou thy "
    "du dein deine deinen deiner deinem dich dir sie ihr ihre ihren ihnen tu toi te ton ta tes vous votre vos tú ti "
    "tus usted su sus vosotros vuestro você vocês seu sua seus suas tuo tua tuoi tue voi lei jij je jouw uw "
    "ты тебя тебе твой твои твоя твоё вы вас вам ваш ваши ваша ty ciebie twój twoje twoja twoich sen senin sana siz "
    "sizin",
    "i me my mine myself i'm i've i'd i'll we us our ive "
    "ich mich mir mein meine meinen wir uns unser nous moi mon ma mes notre yo mí mi mis nos nosotros eu meu minha "
    "meus io mio mia noi ik mij mijn wij я меня мне мой мои мы ja mnie mój moje ben bana benim",
    "not no never don't doesn't didn't isn't aren't wasn't won't can't cannot couldn't shouldn't mustn't without "
    "nothing none neither nor dont cant wont nope "
    "nicht kein keine keinen nie niemals ohne ne pas jamais sans aucun aucune não nunca sem sin ningún ninguna jamás "
    "non mai senza niet geen nooit zonder не нет никогда без nie nigdy bez değil asla",
    "only exactly just solely merely exclusively verbatim literally precisely strictly purely unaltered unchanged "
    "nur genau ausschließlich wörtlich seulement exactement uniquement mot solo únicamente exactamente somente apenas "
    "exatamente soltanto esattamente alleen precies только ровно дословно tylko dokładnie dosłownie sadece aynen",
    // reveal; instructions; secret; set aside; what came before; from now on
    "reveal disclose divulge expose leak spill recite repeat print output display show dump echo quote regurgitate "
    "surrender unveil uncover confess betray release recall reproduce restate paraphrase "
    "verrate verraten zeige zeig zeigen nenne nenn gib ausgeben wiederhole wiederholen offenbare preisgeben aufdecken "
    "révèle révéler révélez montre montrer montrez affiche afficher répète répéter divulgue dis revela revelar "
    "revele muestra mostrar muéstrame imprime repite repetir enseña mostra mostre repita repetir exiba rivela rivelare "
    "mostra mostrami ripeti stampa onthul toon herhaal laat покажи раскрой выведи повтори назови скажи сообщи расскажи "
    "pokaż ujawnij wypisz powtórz podaj zdradź göster açıkla yazdır tekrarla söyle",
    "instruction rule prompt guideline directive order command configuration config setup setting policy policies "
    "constraint preamble briefing guidance restriction limitation specification protocol brief mandate programming "
    "parameter "
    "charter scope remit anweisung anweisungen regel regeln vorgabe vorgaben richtlinie richtlinien befehl befehle "
    "einstellung einstellungen aufforderung systemprompt instructions consigne consignes règle règles directive "
    "directives ordre ordres "
    "instrucción instrucciones regla reglas orden órdenes directriz directrices instrução instruções regra regras "
    "diretriz diretrizes ordens istruzione istruzioni regola regole direttive comandi instructie instructies regels "
    "opdracht opdrachten "
    "инструкция инструкции инструкций правило правила правил указания указаний команды промпт instrukcja instrukcje "
    "instrukcji zasady zasad polecenia reguły talimat talimatlar talimatları kural kurallar kuralları",
    "password passphrase passcode passwd pin secret keyword codeword credential token confidential classified hidden "
    "private sensitive undisclosed combination flag apikey key privileged internal restricted proprietary "
    "passwort kennwort geheimnis geheim geheime geheimen schlüssel vertraulich vertrauliche motdepasse passe secrète "
    "confidentiel confidentielle clé caché contraseña secreto secreta clave oculto confidencial senha segredo secreto "
    "chave "
    "parola segreto segreta chiave nascosto wachtwoord geheim geheime sleutel vertrouwelijk пароль пароля секрет "
    "секретное секретный ключ скрытые скрытый hasło hasła sekret tajne klucz ukryte şifre parola gizli anahtar",
    "ignore disregard forget override bypass skip drop discard cancel erase abandon dismiss neglect suspend disable "
    "deactivate lift waive nullify void overrule unlearn circumvent violate flout overwrite ditch shelve scrap drop "
    "supersede annul revoke rescind trump sidestep loosen relax ignoriere ignorier ignorieren vergiss vergessen "
    "missachte umgehe umgehen überschreibe verwirf ignore ignorez ignorer oublie oubliez oublier contourne néglige "
    "ignora ignore ignorar olvida "
    "olvide olvidar omite descarta ignora ignorar esqueça esqueca esqueces desconsidere ignora ignorare dimentica "
    "dimenticare tralascia negeer negeren vergeet omzeil игнорируй игнорируйте забудь забудьте отмени обойди "
    "пренебреги zignoruj ignoruj "
    "zapomnij pomiń obejdź yoksay unut görmezden",
    "previous prior earlier above preceding former original initial first before beginning foregoing existing old "
    "current already start started given received loaded were "
    "vorherige vorherigen bisherigen obige obigen ursprünglichen anfang précédentes précédente précédent antérieures "
    "initiales début anteriores anterior previas original iniciais inizio precedenti originali originale vorige "
    "eerdere bovenstaande "
    "предыдущие предыдущих прежние выше исходные начала poprzednie poprzednich wcześniejsze powyżej początkowe önceki "
    "yukarıdaki ilk",
    "now new instead henceforth hereafter onward onwards next anymore currently today updated replaced replacement "
    "effective hereby until starting "
    "jetzt ab nun sofort neu neue neuen stattdessen künftig maintenant désormais nouveau nouvelle nouvelles plutôt "
    "ahora nuevo nueva nuevas adelante agora novo nova novas diante ora adesso nuovo nuova invece nu voortaan nieuwe "
    "теперь сейчас новый новые новая отныне teraz odtąd nowe nowa nowy zamiast şimdi artık yeni bundan",
    // assistant; authority; mode; pretend; character; fiction
    "ai assistant bot chatbot model llm gpt machine robot copilot agent chatgpt claude gemini bard llama ki assistent "
    "modell ia assistante modèle asistente modelo assistente modello ии ассистент модель бот asystent sztuczna asistan "
    "yapay",
    "admin administrator developer engineer operator owner creator ceo boss manager supervisor auditor officer police "
    "root superuser maintainer staff vendor technician headquarters director inspector support programmer maker "
    "founder "
    "compliance regulator judge court government entwickler betreiber chef vorgesetzter développeur administrateur "
    "propriétaire créateur desarrollador administrador dueño creador desenvolvedor dono criador sviluppatore "
    "amministratore "
    "ontwikkelaar beheerder разработчик администратор владелец создатель programista właściciel twórca geliştirici "
    "yönetici",
    "mode debug maintenance sandbox diagnostic sudo godmode dan unlocked unlock activate activated enable enabled "
    "enter boot reboot reset initialize bootstrap session terminal console shell switch toggle level "
    "modus aktiviere mode activer activez modo activa activar ativar ative modalità attiva activeer режим включи "
    "активируй tryb włącz aktywuj mod etkinleştir",
    "pretend imagine suppose act roleplay play simulate behave assume become impersonate portray emulate embody acting "
    "playing imagining hypothesize consider envision "
    "spiele spiel stell vor imagine imaginons prétends joue jouer fais semblant imagina imagine finge actúa simula "
    "interpreta imagine finja atue aja immagina fingi agisci comportati doe alsof speel stel представь притворись "
    "сыграй действуй вообрази "
    "wyobraź udawaj zachowuj davran hayal canlandır",
    "character persona role alterego twin villain hero protagonist narrator actor being entity personality avatar "
    "identity grandma grandmother wizard pirate detective professor expert "
    "rolle figur personnage rôle personaje papel personagem personaggio ruolo rol роль персонаж rola postać rol "
    "karakter",
    "story novel scene screenplay fiction fictional hypothetical hypothetically poem movie film game riddle tale "
    "dialogue script fanfic fanfiction scenario chapter book song lyrics play universe world planet dream "
    "geschichte roman gedicht spiel rätsel histoire roman poème jeu devinette historia novela poema juego cuento "
    "história poema jogo storia romanzo poesia gioco verhaal gedicht spel история рассказ стихотворение игра загадка "
    "opowieść wiersz gra zagadka hikaye şiir oyun",
    // writing; languages; refusal; permission; harm; security
    "base64 rot13 hex hexadecimal reverse reversed backwards backward cipher encoded encode decode encrypt decrypt "
    "morse leet leetspeak ascii binary acrostic anagram spelling spell letter letters spaces hyphen hyphens "
    "rhyme emoji emojis caesar unicode obfuscate rückwärts buchstabe buchstaben envers lettre lettres lettera letras "
    "letra letter буква буквы наоборот litery harf tersten",
    "translate translation french german spanish italian portuguese dutch polish russian chinese japanese korean "
    "arabic turkish swedish danish norwegian finnish greek hindi hebrew latin english language czech hungarian "
    "ukrainian vietnamese "
    "thai indonesian welsh esperanto übersetze übersetzen traduis traduire traduisez traduce traducir traduza traduzir "
    "traduci tradurre vertaal переведи перевод przetłumacz çevir",
    "refuse decline deny apologize apologise refusal disclaimer warning warn censor censorship censored filter moral "
    "morals morality ethic ethics ethical safe safety guardrail limit boundary boundaries inappropriate comply "
    "compliance decency "
    "prohibition taboo norm hesitate lecture moralize sorry weigere ablehnen verweigere moral filter refuse refuser "
    "refusez morale éthique negar rechazar moral ética filtros recusar recuse rifiutare rifiuta etica weiger откажи "
    "отказ мораль "
    "этика ограничения odmawiaj etyka reddetme ahlak",
    "allowed permitted authorised authorized approved permission consent license licence cleared entitled free "
    "unrestricted unlimited unfiltered uncensored unbound liberated freed freedom lawful exempt exception allow permit "
    "grant granted "
    "authorise authorize approve legitimate waiver clearance erlaubt genehmigt frei autorisé permis libre autorizado "
    "permitido libre autorizzato libero toegestaan vrij разрешено разрешил свободен dozwolone wolny izin serbest özgür",
    "bomb weapon explosive poison drug kill murder steal fraud counterfeit illegal crime criminal hurt harm dangerous "
    "hack hacking malware virus ransomware phishing terrorist terrorism suicide violence violent racist hate meth "
    "heroin cocaine "
    "launder kidnap torture forbidden taboo unethical immoral evil nasty stalk blackmail extort scam forge smuggle "
    "firearm gun grenade toxin narcotic arson assault abuse exploitative cheat lie bombe waffe gift töten illegal "
    "bombe arme poison "
    "bomba arma veneno droga ilegal matar bomba arma arma wapen gif бомба оружие яд наркотики взломать bomba broń "
    "trucizna bomba silah zehir",
    "vulnerability vulnerabilities exploit payload scan scanner network protocol authentication firewall intrusion "
    "detection adversary attacker attack compromise lateral persistence privilege escalation forensic incident "
    "response pentest penetration "
    "endpoint registry kernel driver injection hook packet sniff socket port kerberos ldap directory hash mitigation "
    "hardening siem edr sandboxing telemetry backdoor rootkit botnet spyware",
    // deeds of tools and data
    "send forward post upload transmit deliver mail submit exfiltrate cc bcc sends sending publish report notify "
    "sende senden schicke schick leite envoie envoyer envoyez transmets envía enviar envíe manda reenvía envie enviar "
    "invia inviare inoltra stuur verstuur отправь отправить перешли wyślij prześlij gönder ilet",
    "url link http https website site webpage endpoint webhook server address domain page click visit href www "
    "redirect image img",
    "data file files document record database contact history conversation inbox email message folder attachment log "
    "notes memory chat transcript calendar context mailbox drive repository repo "
    "daten datei dateien verlauf données fichier fichiers historique datos archivo archivos historial dados arquivo "
    "arquivos histórico dati file cronologia gegevens bestand данные файлы файл история dane plik pliki veri dosya",
    "run execute call invoke launch eval curl wget install download exec subprocess import require powershell bash sh "
    "npm pip deploy trigger",
    "delete remove wipe purge destroy uninstall format rm kill terminate drop truncate lösche löschen supprime "
    "supprimer elimina eliminar borra apague apagar excluir cancella verwijder удали удалить usuń sil",
    "pay transfer buy purchase refund wire dollar dollars account iban bank invoice payment price money bitcoin wallet "
    "discount coupon voucher euro card subscribe order checkout charge",
    // what is asked of answers
    "answer reply respond response say speak tell inform talk state give provide share mention "
    "antworte antworten sag sage sagen erzähl réponds répondre répondez dis dites di responde responder dime diga "
    "responda diga rispondi rispondere dimmi antwoord zeg vertel ответь отвечай ответ odpowiedz odpowiadaj powiedz "
    "cevapla yanıtla",
    "hide secretly silently conceal unnoticed quietly covertly discreetly invisible stealth unaware mentioning telling "
    "noticing knowledge heimlich verstecke cacher secrètement oculta secretamente esconda nascondi тайно скрытно "
    "potajemnie gizlice",
    "recommend praise promote advertise best cheapest rating score rank prefer endorse superior leading top trusted "
    "reliable excellent brand product competitor shortlist hire candidate applicant review positive negative",
    "write compose draft create generate make produce craft design build develop prepare add insert include append put "
    "schreibe schreib erstelle verfasse écris écrire rédige escribe escribir redacta escreva escrever scrivi scrivere "
    "schrijf напиши составь napisz yaz oluştur",
    "summarise summarize summary explain describe analyse analyze compare evaluate outline review list identify "
    "classify define discuss interpret clarify rephrase rewrite edit proofread "
    "fasse zusammen erkläre beschreibe résume expliquez explique résumer resume explica describe resuma explique "
    "riassumi spiega объясни опиши wyjaśnij opisz açıkla özetle",
    "please kindly help thanks thank appreciate grateful bitte danke merci plaît favor gracias obrigado obrigada "
    "grazie favore alsjeblieft пожалуйста спасибо proszę dziękuję lütfen teşekkürler",
    "urgent emergency immediately asap quickly hurry deadline die dying life fired lose desperate beg important "
    "critical crucial panic crying hospital sick "
    "dringend notfall sofort urgent urgence urgente emergencia emergência urgenza spoed срочно pilne acil",
    "test check verify confirm validate prove audit exercise evaluation experiment research study academic educational "
    "training drill assessment calibration benchmark inspection diagnose teste prüfe vérifie prueba verifica проверка "
    "sprawdź",
    "why what which who whose when where how question wonder curious whether wer was warum wie welche qui quoi "
    "pourquoi comment quel quelle qué quién cómo cuál que quem como qual chi cosa perché wie waarom кто что почему как "
    "какой "
    "kto dlaczego jak jaki ne kim neden nasıl",
    "json yaml xml csv markdown table bullet bulleted list heading format formatted codeblock block bold html column "
    "columns tabular brackets",
    "text sentence word line paragraph following below quote quoted quotation content passage string phrase snippet "
    "everything entire whole full complete all",
    "meeting invoice customer client colleague team office project schedule attached regards sincerely dear best "
    "delivery order appointment department budget report agenda minutes contract quarterly shipment",
    "begin start open opening commence initiate prefix precede end finish conclude suffix beginne anfangen commence "
    "commencez empieza comienza comece inizia begin начни zacznij başla",
    "continue complete fill finish resume proceed carry extend autocomplete blank rest remainder setze fort continue "
    "complète continúa completa continue complete continua completa ga продолжи kontynuuj devam",
    "function python javascript variable concatenate string array loop return class compile import def var let const "
    "code script program php java rust sql regex parse snippet method",
    "believe trust know understand realise realize think feel agree accept assume remember note attention listen heed "
    "obey follow comply adhere stick respect must shall should required mandatory need",
    "real true actual honest truth honestly truly genuine accurate unbiased raw blunt direct frank plain "
    "straightforward",
    "human person people someone anyone user everyone customer public somebody individual child student teacher friend "
    "mother father brother sister",
    "name birthday phone salary ssn passport birth diagnosis medical patient employee personal home credit number "
    "security social address",
};

// Words and their number; plural and past forms of a word that is long enough are the word.
class Words {
 public:
  Words() {
    std::uint8_t number = 0;
    for (std::string_view row : concepts) {
      ++number;
      while (!row.empty()) {
        const std::size_t end = std::min(row.find(' '), row.size());
        if (end > 0) words_.emplace(row.substr(0, end), number);
        row.remove_prefix(std::min(end + 1, row.size()));
      }
    }
  }
  [[nodiscard]] std::uint8_t of(std::string_view word) const {
    if (const auto found = words_.find(word); found != words_.end()) return found->second;
    for (const std::string_view ending : {"s", "es", "d", "ed", "ing", "ly", "'s"}) {
      if (!word.ends_with(ending) || word.size() < ending.size() + 3) continue;
      if (const auto found = words_.find(word.substr(0, word.size() - ending.size())); found != words_.end())
        return found->second;
    }
    return 0;
  }

 private:
  std::unordered_map<std::string_view, std::uint8_t> words_;
};

}  // namespace

std::uint8_t concept_of(std::string_view word) noexcept {
  static const Words words;
  return words.of(word);
}

}  // namespace sluice::guard
