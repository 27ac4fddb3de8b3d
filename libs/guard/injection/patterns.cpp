#include "guard/injection/patterns.h"

#include <array>

namespace sluice::guard {
namespace {

using enum Order;

// Gaps are short: a pattern is a phrase, not two words on a page.
constexpr OrderPattern
    table[] =
        {
            // English: the rules that were given are to count no longer.
            {override_rules, 5.0F,
             R"(\b(ignor(e|ing)|disregard(ing)?|forget(ting)?|overrid(e|ing)|bypass(ing)?|discard(ing)?|neglect|skip|drop|set aside|do not (follow|obey)|don't (follow|obey)|stop (following|obeying)|pay no attention to)\s+(about\s+|to\s+)?(all\s+|any\s+|every\s+|each\s+)?(of\s+)?(the\s+|your\s+|my\s+|these\s+|those\s+|its\s+|our\s+)?(other\s+)?(previous|prior|above|preceding|earlier|former|foregoing|past|existing|original|initial|system|current|given|safety|programmed|developer('s)?)(\s+(and|or|&)\s+\w+)?\s+((system|safety|user|operating|given|developer)\s+)?(instruction|prompt|direction|directive|command|rule|guideline|order|message|constraint|request|text|context|content|programming|training|task|restriction|setting|input|conversation|polic(y|ies))s?)"},
            {override_rules, 4.0F,
             R"(\b(ignore|disregard|forget|override|discard)\s+(all\s+)?(of\s+)?(your|the)\s+(instructions|guidelines|rules|programming|training|restrictions|directives|safety|constraints)\b)"},
            {override_rules, 4.0F,
             R"(\b(ignore|disregard|forget)\s+(everything|anything|all|whatever|what)\s+(that\s+)?(i|you|we|they|was|were|has been|is|came|comes|said|stated|written|above|before|prior|previous(ly)?)(\s+\w+){0,4}\s*(above|before|earlier|previous(ly)?|told|said|instructed|prior|so far|know|learned|learnt)\b)"},
            {override_rules, 3.5F,
             R"(\b(ignore|disregard|forget)\s+(everything|all|anything)\s+(above|before|prior|previous)\b)"},
            {override_rules, 3.5F,
             R"(\b(new|updated|revised|real|actual|true)\s+(instructions?|task|directives?|objective|orders?)\s*(:|-|=|are\b|is\b|follows?\b|from\b))"},
            {override_rules, 3.0F,
             R"(\b(previous|prior|above|earlier|existing|all)\s+(instructions|rules|prompts|directives|guidelines|restrictions|constraints|orders)\s+(are|is|were|have been|no longer|must be|should be|do not|don't|can be)\s+(now\s+)?(void|cancel|ignored|null|obsolete|revoked|lifted|suspended|outdated|superseded|overridden|apply|disregarded|forgotten|disabled|deleted|removed))"},
            {override_rules, 2.5F,
             R"(\b(instead|rather)\b[^.\n]{0,40}\b(follow|obey|execute|carry out|comply with)\b[^.\n]{0,20}\b(these|this|my|the following|below|next)\b)"},
            {override_rules, 2.5F,
             R"(\b(end|stop|start|begin|beginning|reset) of (the )?(system )?(prompt|instructions|context|document|conversation)\b)"},
            {override_rules, 3.0F,
             R"(\b(system|admin(istrator)?|developer|root|security)\s+(override|update|notice|command|directive)\s*(:|\]|-))"},
            {override_rules, 2.5F, R"(\b(disable|turn off|deactivate|remove|bypass|circumvent|suspend)\s+(all\s+|any\s+)?(of\s+)?(your|the|its)\s+((content|safety|ethical|security|moderation|output)\s+)?(filters?|safeguards?|guardrails?|restrictions?|limitations?|censorship|safety|moderation|ethics)\b)"},

            // English: what the operator said is to be told.
            {ask_for_prompt, 4.0F,
             R"(\b(reveal|show|print|repeat|display|output|disclose|leak|expose|share|dump|recite|tell me|give me|write out|spell out|summari[sz]e|translate|list|what (is|are|was|were)|quote|echo|paste|encode)\s+(me\s+|us\s+|out\s+)?(back\s+)?(verbatim\s+)?(all\s+|all of\s+)?(the\s+|your\s+|its\s+|any\s+)?((full|exact|entire|complete|whole|original|initial|hidden|secret|internal|confidential|above|previous|own|first|contents of your|text of your|verbatim|actual)\s+){0,3}(system|hidden|secret|initial|developer|pre-?|base|starting|confidential|internal)[\s-]*(system\s+)?(prompt|instruction|message|directive|rule|guideline|configuration|polic(y|ies))s?\b)"},
            {ask_for_prompt, 3.0F,
             R"(\b(reveal|show|print|repeat|display|output|disclose|leak|recite|tell me|what (is|are|were))\s+(me\s+)?your\s+((full|exact|entire|original|initial|own|very first|first|current)\s+)?(instructions|prompt|directives|guidelines|rules|programming)\b)"},
            {ask_for_prompt, 4.0F,
             R"(\b(repeat|print|output|copy|write|return|echo|say)\s+(back\s+)?(all\s+|everything\s+)?(of\s+)?(the\s+)?(words?|text|everything|content|lines?|sentences?|messages?|instructions)\s+(above|before this|that (came|come|appears?) before|prior|preceding|you (were|have been) given))"},
            {ask_for_prompt, 3.0F, R"(\bstarting with ["']?you are\b)"},
            {ask_for_prompt, 2.5F,
             R"(\b(instructions|rules|prompt) (that )?you (were|have been|are) (given|told|provided|configured|initiali[sz]ed)\b)"},
            {ask_for_prompt, 2.5F,
             R"(\b(reveal|tell me|give me|what is|say|print|share|disclose|send me)\s+(me\s+)?(the|your|that|this)\s+(secret|hidden|confidential)\s+(key|password|code|word|phrase|information|data|token|flag)\b)"},

            // English: somebody else speaks.
            {persona, 4.0F,
             R"(\b(you are|you're|become|act as|be|called|named|play(ing)?|as|like|hi|hello|hey)\s+(now\s+|going to be\s+)?["'(]?(dan|stan|dude|jailbroken|unfiltered|uncensored|evil ?bot|developer mode|dev ?mode|god ?mode|aim|unrestricted (ai|assistant|chatbot|model))\b)"},
            {persona, 3.5F,
             R"(\b(do anything now|developer mode (enabled|on|activated|output)|enable developer mode|jailbreak (mode|enabled|prompt|activated)|god ?mode (enabled|on|activated)|dan mode|unfiltered mode|opposite mode|chaos mode)\b)"},
            {persona, 3.0F,
             R"(\b(without|no|free (of|from)|not bound by|unbound by|ignores?|doesn't have|does not have|have no|has no|zero)\s+(any\s+|all\s+|the\s+|usual\s+|typical\s+|moral\s+|ethical\s+|content\s+){0,3}(restrictions?|limitations?|censorship|filters?|moral(s|ity)?|ethic(s|al)|guidelines|safeguards|content polic(y|ies)|rules)(\s+(or|and)\s+\w+){0,3}\b[^.\n]{0,60}\b(ai|assistant|chatbot|model|bot|answer|respond|response|openai|persona|character)\b)"},
            {persona, 3.0F,
             R"(\b(ai|assistant|chatbot|model|bot|character|persona)\b[^.\n]{0,60}\b(without|no|free (of|from)|not bound by|unbound by|ignores?|doesn't have|does not have|has no|zero)\s+(any\s+|all\s+|the\s+|usual\s+|moral\s+|ethical\s+){0,3}(restrictions?|limitations?|censorship|filters?|moral(s|ity)?|ethic(s|al)|guidelines|safeguards|content polic(y|ies)))"},
            {persona, 2.5F,
             R"(\b(from now on|starting now|henceforth|for the rest of (this|our) (chat|conversation))\b[^.\n]{0,30}\b(you|your)\b[^.\n]{0,30}\b(are|will|act|must|respond|answer|behave|speak|pretend|reply|shall|going to)\b)"},
            {persona, 2.5F,
             R"(\b(stay|remain|never break|do not break|don't break|keep|break(ing)?)\s+(in\s+)?(your\s+)?character\b)"},
            {persona, 2.5F,
             R"(\b(never|do not|don't|can't|cannot|must not)\s+(ever\s+)?(refuse|reject|decline|say no|deny)\b[^.\n]{0,40}\b(request|prompt|question|answer|order|command|anything|task|me)\b)"},
            {persona, 2.5F,
             R"(\b(never|do not|don't|won't|must not|without)\s+(ever\s+)?(say(ing)?|mention(ing)?|remind(ing)?|apologi[sz](e|ing)|includ(e|ing)|add(ing)?)\b[^.\n]{0,40}\b(i can't|i cannot|i'm sorry|as an ai|that you are an ai|you're an ai|disclaimers?|warnings?|ethic|moral|language model|openai|illegal))"},
            {persona, 2.5F,
             R"(\b(pretend|imagine|suppose|act as if|behave as if|roleplay|simulate)\b[^.\n]{0,40}\b(you|that you)\b[^.\n]{0,30}\b(have no|are not bound|aren't bound|no longer|are free|can do anything|are an? (evil|unrestricted|uncensored|unfiltered|amoral)|broke free|escaped|without (any )?(rules|restrictions|limits)))"},
            {persona, 2.0F,
             R"(\b(bypass|circumvent|evade|get around|not (adhere|abide|comply)|no longer (adhere|abide|comply)|against|violat\w+)\b[^.\n]{0,20}\b(openai|anthropic|google|content|safety|usage|ethical)(('s)?\s+\w+)?\s*(polic(y|ies)|guidelines|restrictions|filters?|rules|guardrails)\b)"},
            {persona, 2.0F,
             R"(\b(you (will|must|are to|can|should)|always)\s+(lose|losing|get|start with|have)\s+\w+\s+(tokens|points|lives)\b)"},
            {persona, 2.5F,
             R"((\[|\()?(🔓|jailbreak|classic|dan|developer mode)[^\n]{0,12}(\]|\)|:)[^\n]{0,80}\b(answer|respon|output|reply))"},
            {persona, 2.0F,
             R"(\b(two|both|2)\s+(different\s+)?(ways|responses|answers|outputs|paragraphs)\b[^.\n]{0,80}\b(dan|unfiltered|developer|normal|standard|classic|jailbreak)\b)"},
            {persona, 2.0F,
             R"(\b(hypothetical response|in this (fictional|hypothetical) (world|story|universe|scenario))\b[^.\n]{0,120}\b(no (rules|laws|restrictions|limits)|anything|illegal|without|how to)\b)"},

            // Who speaks is forged.
            {role_marker, 3.5F,
             R"(<\|(im_start|im_end|system|assistant|user|endoftext|begin_of_text|start_header_id|eot_id|end_of_turn)\|>)"},
            {role_marker, 3.0F, R"(\[/?(inst|system|sys)\]|<</?sys>>|<(start|end)_of_turn>)"},
            {role_marker, 2.5F,
             R"((^|\n)\s*#{2,}\s*(system|instruction|new instruction|assistant|admin)s?( prompt| message)?\s*:?\s*\n)"},
            {role_marker, 2.5F,
             R"((^|\n)\s*</?(system|system_prompt|system-prompt|instructions|admin|important|user_input|context)>\s*)"},
            {role_marker, 2.0F,
             R"((^|\n)\s*[\[(*#-]*\s*(system|sys|system message|system note|note to (the )?(ai|llm|assistant|model)|assistant instructions?)[\])*]*\s*:\s*\w)"},

            // Not to be told to the person it concerns.
            {secrecy, 3.0F,
             R"(\b(do not|don't|never|without)\s+(ever\s+)?(tell(ing)?|inform(ing)?|notify(ing)?|alert(ing)?|mention(ing)?|reveal(ing)?|disclos(e|ing)|warn(ing)?|let(ting)?)\s+(this\s+|it\s+|any of this\s+|anything\s+)?(to\s+)?(the\s+)?(user|human|operator|reader|person)s?\b)"},
            {secrecy, 2.5F,
             R"(\b(do not|don't|never)\s+(mention|reveal|disclose|acknowledge|refer to|talk about)\s+(that\s+)?(this|these|the|having|you)\s*(instructions?|message|prompt|note|text|paragraph|received|were told|read)\b)"},
            {secrecy, 2.0F,
             R"(\b(silently|secretly|quietly|covertly|in the background)\s+(send|forward|email|upload|execute|run|add|append|insert|delete|post|call|transfer|copy|include|read)\b)"},

            // Data is to leave.
            {exfiltration, 3.5F,
             R"(!\[[^\]\n]{0,80}\]\(\s*https?://[^)\n]{0,160}[?&][a-z0-9_]{1,20}=[^)\n]{0,40}(\{|\[|<|%7b|\$|data|secret|base64|conversation|history|summary|token|key))"},
            {exfiltration, 3.0F,
             R"(\b(send|forward|post|upload|exfiltrate|transmit|leak|submit|email|e-mail|append|encode|copy|bcc)\b[^.\n]{0,60}\b(conversation|chat history|chat log|system prompt|api keys?|credentials|passwords?|secrets?|tokens?|environment variables|contents? of|private (data|keys?)|user'?s? (data|information|messages|emails?|files)|inbox|ssh keys?)\b[^.\n]{0,60}\b(to|at|into|via)\s+(https?://|[a-z0-9._-]+@|the (url|address|following|attacker)|this (url|address|site|server|webhook)|my (server|site|email|address)|attacker))"},
            {exfiltration, 2.0F,
             R"(\b(render|display|include|insert|embed|add|output|load|show)\b[^.\n]{0,30}\b(markdown )?(image|img|link|pixel)\b[^.\n]{0,60}https?://)"},
            {exfiltration, 2.5F,
             R"(\b(curl|wget|fetch|request)\b[^\n]{0,60}https?://[^\n]{0,80}\$\(?(cat |env|[a-z_]*(key|token|secret)))"},

            // The reader is taken for a machine.
            {address, 2.5F,
             R"(\b(attention|dear|hey|hello|note to|message (to|for)|instructions? (to|for)|important( message)? for|if you are|to (the|any|all))\s+(the\s+|any\s+|all\s+|an?\s+)?(ai|a\.i\.|llms?|language models?|chatbots?|gpt|chatgpt|claude|gemini|copilot|ai (assistant|agent|model|system|bot|tool|reader|reviewer|screener)s?|assistant|agent)\b)"},
            {address, 2.0F,
             R"(\b(when|if|before|after|while)\s+(you\s+)?(\w+\s+)?(summari[sz](e|ing)|process(ing)?|read(ing)?|analy[sz](e|ing)|answer(ing)?|review(ing)?|respond(ing)?|translat(e|ing)|respond)\s+(to\s+)?(this|the)\s+(\w+\s+)?(document|email|e-mail|page|text|message|content|website|file|table|ticket|user|question|request|resume|cv|paper)\b[^.\n]{0,30}[,:]?\s*(you must|you should|always|first|also|please|make sure|be sure|tell|say|include|add|do not|output|reply|respond|rate|recommend))"},
            {address, 1.5F,
             R"(\b(as|since) (an?|the|you are an?) (ai|language model|ai assistant|llm|assistant)\s*,?\s*(you (must|should|are|will|have)|your (task|job|goal|duty)|please|now))"},

            // German
            {override_rules, 5.0F,
             R"(\b(ignorier(e|en|t)?|vergiss|vergessen|missachte|uberschreib(e|en)|verwirf|beachte)\b\s+(sie\s+)?(bitte\s+)?(alle\s+|alles\s+|samtliche\s+|jegliche\s+)?(die\s+|deine\s+|ihre\s+|meine\s+)?(\w+\s+)?(vorherigen?|vorigen?|bisherigen?|obigen?|fruheren?|vorangegangenen?|vorangehenden?|ursprunglichen?|was)\s+(\w+\s+)?(anweisung|instruktion|befehl|regel|vorgabe|nachricht|richtlinie|anordnung|prompt|du|sie|ich)\w*)"},
            {ask_for_prompt, 3.5F,
             R"(\b(zeig|nenne?|verrate?|gib|wiederhole?|drucke|schreib|wie lautet|was ist|was sind)\b\s+(\w+\s+){0,3}(system-?\s?prompt|systemanweisung|systemnachricht|geheimen? anweisung|versteckten? anweisung|internen? anweisung|ursprungliche\w* anweisung|systembefehl)\w*)"},
            {persona, 2.5F,
             R"(\b(ab jetzt|von nun an|ab sofort)\b[^.\n]{0,20}\b(bist|spielst|antwortest|verhaltst|sind sie|wirst)\b|\b(ohne|keine(rlei)?) (jegliche |ethische |moralische )?(einschrankungen|beschrankungen|filter|zensur|regeln)\b[^.\n]{0,40}\b(ki|assistent|antwort\w*|bot|modell)\b)"},
            {secrecy, 2.5F,
             R"(\b(sag|verrate?|erzahle?|erwahne?|teile?|informiere?)\b[^.\n]{0,30}\b(dem|den|der) (nutzer|benutzer|anwender)(in)?\b[^.\n]{0,20}\b(nicht|nichts|kein\w*)\b)"},
            // French
            {override_rules, 5.0F,
             R"(\b(ignore[zr]?|oublie[zr]?|neglige[zr]?|outrepasse[zr]?|ne (tiens|tenez) (pas|plus) compte de?|fais abstraction de)\s+(de\s+)?(toutes?\s+|tous\s+|tout\s+)?(les\s+|tes\s+|vos\s+|des\s+|ce\s+)?(instructions?|consignes?|regles?|directives?|ordres?|messages?|prompts?|qui|que)\s+(precedent|anterieur|ci-dessus|d'avant|initial|donnee|recue|systeme|de securite|precede|tu|vous|qui precede)\w*)"},
            {ask_for_prompt, 3.5F,
             R"(\b(montre|affiche|revele|donne|repete|ecris|quel(le)?s? (est|sont)|dis|divulgue)([- ]moi|z|z-moi)?\b\s+(\w+\s+){0,3}(prompt|invite|message|instructions?|consignes?)\s+(systeme|cache\w*|secret\w*|initial\w*|interne\w*|d'origine))"},
            {persona, 2.5F,
             R"(\b(a partir de maintenant|desormais|dorenavant)\b[^.\n]{0,20}\b(tu (es|vas|dois|reponds|agis)|vous (etes|allez|devez|repondez))\b|\bsans (aucune? )?(restrictions?|limites?|limitations?|censure|filtres?|morale)\b[^.\n]{0,40}\b(ia|assistant|repon\w+|bot|modele)\b)"},
            {secrecy, 2.5F,
             R"(\bne\s+(le\s+)?(dis|dites|revele[z]?|mentionne[z]?|previen\w*|informe[z]?|parle[z]?)\b[^.\n]{0,20}\b(pas|rien|jamais)\b[^.\n]{0,20}\b(utilisateur|usager|lecteur))"},
            // Spanish, Portuguese, Italian
            {override_rules, 5.0F,
             R"(\b(ignor(a|e|en|ar|ad)|olvid(a|e|ar|en)|descart(a|e)|omit(e|a)|haz caso omiso de|no (hagas caso|sigas))\s+(a\s+|de\s+)?(todas?\s+|todos?\s+|todo\s+)?(las?\s+|los?\s+|tus\s+|sus\s+|mis\s+)?(instrucciones|ordenes|reglas|indicaciones|directrices|mensajes?|normas|prompts?|que)\s+(anterior|previa|previo|de arriba|precedente|inicial|dada|recibida|del sistema|de seguridad|original|te|dije|se)\w*)"},
            {override_rules, 5.0F,
             R"(\b(ignor(e|a|em|ar)|esquec(a|e|am|er)|desconsider(e|a)|desrespeite|descarte)\s+(de\s+)?(todas?\s+|todos?\s+|tudo\s+)?(as?\s+|os?\s+|suas\s+|seus\s+|tuas\s+|minhas\s+)?(instrucoes|ordens|regras|orientacoes|diretrizes|mensagens|comandos|prompts?|que)\s+(anterior|previa|previo|acima|precedente|iniciai|dada|recebida|do sistema|de seguranca|origina|eu disse|foi)\w*)"},
            {override_rules, 5.0F,
             R"(\b(ignora(te|re)?|dimentica(te|re)?|trascura(te)?|scarta(te)?|non (seguire|considerare))\s+(di\s+)?(tutt[eio]\s+)?(le\s+|i\s+|gli\s+|tue\s+|quello\s+)?(tue\s+|vostre\s+)?(istruzioni|ordini|regole|indicazioni|direttive|messaggi|comandi|prompt|che)\s+(precedent|anterior|di sopra|sopra|inizial|ricevut|dat|di sistema|di sicurezza|original|ti|hai)\w*)"},
            {ask_for_prompt, 3.5F,
             R"(\b(muestra(me)?|revela(me)?|dime|repite|ensena(me)?|imprime|cual(es)? (es|son)|mostr(e|a)(-me)?|revele|diga(-me)?|repita|imprima|qua(l|is) (e|sao)|mostra(mi)?|rivela(mi)?|dimmi|ripeti|stampa|qual e|quali sono)\s+(\w+\s+){0,3}((prompt|mensaje|mensagem|messaggio|instrucciones|instrucoes|istruzioni)\s+(del? sistema|do sistema|di sistema|ocult\w+|secret\w+|segret\w+|nascost\w+|intern\w+|inicia\w+|inizial\w+)|system prompt))"},
            {persona, 2.5F,
             R"(\b(a partir de ahora|desde ahora|de ahora en adelante|a partir de agora|de agora em diante|d'ora in poi|da ora in poi|da adesso)\b[^.\n]{0,20}\b(eres|seras|actuaras|vas|responderas|debes|voce|tu|sei|sarai|devi|risponderai)\b|\b(sin|sem|senza)( \w+)? (restricciones|limites|limitaciones|censura|filtros?|restricoes|limitacoes|restrizioni|limitazioni|limiti|filtri|etica|moral\w*)\b[^.\n]{0,40}\b(ia|asistente|assistente|respond\w*|rispond\w*|bot|modelo|modello)\b)"},
            {secrecy, 2.5F,
             R"(\b(no (le )?(digas|menciones|reveles|informes|cuentes)|nao (diga|mencione|revele|informe|conte)|non (dire|dirlo|menzionare|rivelare|informare))\b[^.\n]{0,30}\b(usuario|utente|leitor|lector|lettore))"},
            // Dutch, Polish, Swedish, Turkish
            {override_rules, 5.0F,
             R"(\b(negeer|vergeet|sla)\s+(alle\s+|alles\s+)?(de\s+|je\s+|jouw\s+|uw\s+|wat\s+)?(vorige|eerdere|voorgaande|bovenstaande|voorafgaande|oorspronkelijke|hiervoor|hierboven)\s*(instructie|opdracht|regel|bericht|aanwijzing|richtlijn|prompt|is|staat|gezegd)?\w*)"},
            {override_rules, 5.0F,
             R"(\b(zignoruj|ignoruj|zapomnij( o)?|pomin)\s+(wszystkie\s+|wszystko\s+|wszelkie\s+|wszystkich\s+)?(\w+\s+)?(poprzedni|wczesniejsz|powyzsz|dotychczasow|co)\w*\s+(instrukcj|polecen|regul|zasad|wytyczn|wiadomo|bylo|powiedz)\w*)"},
            {override_rules, 4.5F,
             R"(\b(ignorera|glom|bortse fran)\s+(alla\s+|allt\s+)?(de\s+|dina\s+)?(tidigare|foregaende|ovanstaende)\s+(instruktion|order|regl|meddeland)\w*|\b(onceki|yukaridaki)\s+(tum\s+)?(talimat|komut|kural|yonerge)\w*\s+(\w+\s+)?(unut|yok say|gormezden gel|goz ardi et)\w*)"},
            // Russian, Ukrainian
            {override_rules, 5.0F,
             "(игнорируи?й?(те)?|проигнорируи?й?(те)?|забудь(те)?|отмени(те)?|ігноруй(те)?|не обращай(те)? внимания "
             "на|пренебреги)\\s+(о\\s+|про\\s+)?(все\\s+|всё\\s+|всех\\s+|усі\\s+|всі\\s+)?(\\S+\\s+)?(предыдущ|прежн|"
             "вышеуказанн|ранее|прошл|попередн|свои|твои|что|системн)\\S*\\s*(\\S+\\s+)?(инструкц|указан|команд|правил|"
             "сообщен|распоряжен|інструкц|вказівк|было|говорил|промпт)"},
            {ask_for_prompt, 3.5F,
             "(покажи|раскрой|выведи|повтори|напиши|назови|какой|скажи|сообщи)(те)?\\s+(мне\\s+)?(\\S+\\s+){0,2}("
             "системн|скрыт|секретн|внутренн|исходн|изначальн)\\S*\\s+(промпт|инструкц|сообщен|указан|запрос|"
             "подсказк)"},
            {persona, 2.5F,
             "(с этого "
             "момента|отныне|теперь)\\s*,?\\s+(ты|вы)\\s|без\\s+(каких-либо\\s+|всяких\\s+)?(ограничени|цензур|фильтр|"
             "правил)\\S*"},
            {secrecy, 2.5F,
             "не\\s+(говори|сообщай|рассказывай|упоминай|раскрывай)(те)?\\s+(об "
             "этом\\s+|этого\\s+|ничего\\s+)?(пользовател)"},
            // Chinese, Japanese, Korean
            {override_rules, 5.0F,
             "(忽略|无视|無視|忘记|忘掉|忘記|不要理会|不理会|跳过|覆盖|不要遵守)(掉|你|您|所有|全部|一切|之前|以上|"
             "上述|上面|先前|前面|此前|的|系统|任何|我|说|給|给|過|过|所|到|目前|为止){1,10}(指令|指示|说明|規則|规则|"
             "提示|命令|内容|要求|设定|限制|對話|对话|话)"},
            {ask_for_prompt, 3.5F,
             "(告诉|显示|輸出|输出|重复|重複|透露|泄露|打印|给我看|公开|展示|说出)(我|出|一下|你|您|的|给|全部|完整|"
             "所有){0,6}(系统|系統|隐藏|初始|内部|秘密|開發者|开发者)(的)?(提示词|提示詞|提示|指令|设定|消息|规则|"
             "prompt)"},
            {persona, 2.5F,
             "(从现在开始|从现在起|從現在開始|现在开始|接下来)[,，]?\\s*(你|请你|您)(是|将|扮演|要|必须|叫|不再)|(没有|"
             "不受|無|无)(任何)?(道德|限制|约束|审查|过滤)(的)?(限制|约束|ai|助手|机器人|人工智能|束缚)"},
            {secrecy, 2.5F, "(不要|别|請勿|请勿|不能|不得)(告诉|告訴|通知|提醒|透露给|让)(用户|用戶|使用者)"},
            {override_rules, 5.0F,
             "(これまで|以前|上記|前|先ほど|すべて|全て|今まで|上|元)の(すべて|全て|全部)?(の)?(指示|命令|指令|ルール|"
             "プロンプト|規則|内容|制約)(を|は)?(すべて|全て|全部|完全に)?(無視|忘れ|破棄|無効|取り消)"},
            {ask_for_prompt, 3.5F,
             "(システム|隠された|内部|秘密の|初期|最初の)(の)?(プロンプト|指示|命令|メッセージ|設定)(を|は)(全文|"
             "すべて|全て|そのまま)?(表示|教え|出力|見せ|開示|公開|繰り返|何)"},
            {persona, 2.5F,
             "(今から|これから|今後)(は)?、?(あなたは|君は|お前は)|(制限|制約|検閲|フィルター|倫理)(の)?(が)?(なし|"
             "ない|無い|無し|ありません)"},
            {secrecy, 2.5F,
             "(ユーザー|利用者|使用者)(に|には)(このこと|これ|何も|絶対)?(を|は|に)?(伝え|言わ|知らせ|話さ|教え|明かさ)"
             "(ない|ず|るな)"},
            {override_rules, 5.0F,
             "(이전|앞의|위의|지금까지의|기존|모든)\\s*(의\\s*)?(모든\\s*)?(지시|명령|지침|규칙|프롬프트|내용)\\s*("
             "사항)?(을|를|은|는|들을)?\\s*(모두\\s*|전부\\s*)?(무시|잊어|잊고|따르지)"},
            {ask_for_prompt, 3.5F,
             "(시스템|숨겨진|내부|초기)\\s*(프롬프트|지시|명령|메시지|지침)\\s*(사항)?(을|를)?\\s*(전부\\s*|모두\\s*|"
             "그대로\\s*)?(보여|알려|출력|공개|말해)"},
            // Arabic, Hindi
            {override_rules, 5.0F,
             "(تجاهل|انس|تجاوز)\\s+(كل\\s+|جميع\\s+)?(التعليمات|الأوامر|القواعد|التوجيهات)\\s+(السابقة|أعلاه|الأصلية)"},
            {override_rules, 4.5F,
             "(पिछले|पहले के|उपरोक्त)\\s+(सभी\\s+)?(निर्देश|आदेश|नियम)\\S*\\s+(को\\s+)?(अनदेखा|भूल|नज़रअंदाज)"},
};

}  // namespace

std::span<const OrderPattern> order_patterns() {
  return table;
}

}  // namespace sluice::guard
