"""What people say to ask, to command and to wonder: one pattern a kind of phrase.

Read by `plugins.parse.acts`, in the order that stands there.
"""

import re

NOUN = re.compile(
    r"\b(?:workspaces?|workspce|wkspc|worksapce|workspcae|wrkspace|databricks|data ?bricks"
    r"|databrix|dbx|adb|lakehouse|lake house|ws)\b",
    re.IGNORECASE,
)
VERB = re.compile(
    r"\b(?:need(?:s|ing|ed)?|wants?|creat(?:e|ing)|set(?:ting)? (?:me |us )?up"
    r"|spin(?:ning)? (?:me |us )?up|provision(?:ing)?|make|give (?:me|us)|get (?:me|us|a|an)"
    r"|have|stand (?:me |us )?up|deploy|build|request(?:ing|ed)?|new"
    r"|look(?:ing)? for|would like|'d like|launch|setup|prepare|order|bring up|fire up"
    r"|arrange|require[sd]?|please|pls|plz|kindly|wanna|we need|gimme|roll out|start)\b",
    re.IGNORECASE,
)
ARTICLE = re.compile(
    r"\b(?:a|an|one|new|another|1|2|two|three|some|the following"
    r"|these)\b[^.;\n]{0,40}\b(?:workspaces?|databricks|lakehouse|wkspc|ws)\b"
    r"|^\W*(?:\w+ ){0,4}(?:workspaces?|databricks|ws|lakehouse)\b",
    re.IGNORECASE,
)
ADDITIONAL = re.compile(
    r"\b(?:also|another|additionally|as well|on top of (?:that|it)|one more|a second|in addition)\b", re.IGNORECASE
)
ANOTHER = re.compile(
    r"\b(?:also|additionally|another|plus|one more|a second)\b[^.;\n]{0,30}\b(?:one|workspace|for)\b", re.IGNORECASE
)
RESET = re.compile(
    r"\b(?:start(?:ing)? (?:all )?over|start (?:again|afresh|anew|fresh)|(?:begin"
    r"|restart) (?:again|from scratch|from the beginning)|from scratch|scrap (?:it|that|all"
    r"|everything)|clear (?:it|that|everything|all)"
    r"|forget (?:it all|all (?:of )?(?:that|this|it)|everything|that|about (?:it|that|all))"
    r"|reset(?: (?:everything|the conversation|the draft|it all|it|all))?\W*$"
    r"|wipe (?:the slate|everything)|clean slate|back to square one|drop (?:the|this"
    r"|that) (?:draft|request))\b",
    re.IGNORECASE,
)
CANCEL = re.compile(
    r"^\W*(?:no[,.]? )?(?:please )?(?:cancel|abort|stop|drop|discard|never ?mind"
    r"|forget)(?: (?:it|that|this|them|all|the (?:plan|request|whole thing)))?(?:,? (?:please"
    r"|thanks|thank you))?\W*$",
    re.IGNORECASE,
)
REFUSE = re.compile(
    r"^\W*(?:no|nope|nah)\b[^?]{0,60}\b(?:too expensive|don'?t want|do not want"
    r"|not interested|reject|cancel|decline)\b|^\W*(?:i |we )?(?:reject|decline|refuse)\b"
    r"|\b(?:do not|don'?t) (?:deploy|apply|build|create|proceed)\b",
    re.IGNORECASE,
)
GREET = re.compile(
    r"^\W*(?:(?:lol|haha|oh|ok|well|and|so|yo|hey|hi|hello|many|again|dear|very|a)[\W_]+){0,3}(?:hi|hiya|hello|hey|heya|yo|oi|ol\u00e1|ola|ciao|hej|hei|namaste|servus|salut|coucou|gr\u00fcezi|g'day|heyy+|hii+|hallo|moin(?: moin)?|hola|bonjour|greetings|howdy"
    r"|good (?:morning|afternoon|evening|day)|morning|evening|gm"
    r"|thanks?(?: you)?(?: (?:so much|a lot))?|thx|cheers|ta|great|nice|cool|bye|goodbye"
    r"|see you)(?:[ ,]+(?:there|all|team|everyone|brickie|bot|folks|again|to you|brickiebot|sir|guys|people|man|mate|bud|dear|friend|my friend|so much|a lot|everybody|and|good day|good morning|robot|assistant|colleagues|world|today"
    r"|for your help|for the help|how are you(?: doing)?(?: today)?|hope you(?:'re| are) (?:well|fine)|what'?s up|sup|\w{2,14} here|it'?s \w{2,14}))*\W*$",
    re.IGNORECASE,
)
HELP = re.compile(
    r"\bwhat (?:you're|you are) (?:able to|capable of|good for|here for)\b|\bhow (?:one|people|we|i) (?:talks?|speaks?|works?) (?:to|with) you\b|\bwhat (?:should|do) i (?:say|write|type|tell you)\b|\bwhat are you (?:able|for)\b|\bwhat can i ask\b|\bwhat (?:kinds?|sorts?|types?) of (?:things?|stuff|requests?|help)\b|\bwhat (?:all )?can (?:you|brickie|this bot|this thing|the bot) (?:actually |really )?do\b|\bhow can (?:you|brickie) help\b|\bwhat do you (?:actually )?do\b|\bcan you explain what you (?:do|are)\b|\bfirst time (?:here|using)\b[^.\n]{0,40}\b(?:how|what)\b|\bwhat (?:can|could|do|are) (?:you|i) (?:do|ask|help|capable|say)\b|\bwhat are you\b"
    r"|\bwho are you\b|^\W*(?:help|help me|help please|please help|man|usage|menu|commands"
    r"|options)\W*$|\bhow (?:does (?:this|it) work|do (?:i|you|we) (?:use|work with"
    r"|talk to))\b|\bhow can you help\b|\bwhat is (?:this|brickie)\b"
    r"|\bshow (?:me )?(?:the )?(?:help|commands)\b|\bi need help\b\W*$|\bhow do i (?:start"
    r"|begin|get started)\b",
    re.IGNORECASE,
)
HELLO = re.compile(
    r"\b(?:say|saying|just wanted to say|dropping by to say|popping in to say) (?:a quick )?(?:hi|hello|hey|thanks|thank you|good morning)\b|^\W*(?:good (?:morning|afternoon|evening|day)|hello|hi|hey)\b[^.?!\n]{0,60}[.!?]?\s*(?:hope|how are you|nice to)[^.?\n]{0,60}[.!?]?\s*$",
    re.IGNORECASE,
)
"""A greeting with small talk beside it."""

UNDO = re.compile(
    r"\b(?:undo|revert)\b|\btake (?:that|it|the last (?:one|change)) back\b"
    r"|\bgo back (?:to (?:the )?(?:previous|earlier|last|before)|one step)\b"
    r"|\broll back (?:that|the last|my last)\b|\bas it was before\b|\bput it back\b",
    re.IGNORECASE,
)
DESTROY = re.compile(
    r"\b(?:destroy|tear(?:ing)? (?:\S+ )?down|delet(?:e|ing)|remov(?:e|ing)|get rid of"
    r"|decommission|nuke|kill|dispose of|take (?:\S+ )?down|wipe out|clean up"
    r"|shut (?:\S+ )?down|retire|drop|bin|scrap|terminate)\b",
    re.IGNORECASE,
)
DESTROY_WHAT = re.compile(
    r"\beverything\b|"
    r"\b(?:every|all|the|this|that|my|our|both)\b[^.;,\n]{0,30}\b(?:workspaces?|databricks|it)\b|\b(?:it|them)\b",
    re.IGNORECASE,
)
EXTEND = re.compile(
    r"\b(?:extend|extension|prolong|renew|postpone|push (?:back|out)|lengthen)\b|\b(?:keep"
    r"|leave)\b[^.;\n]{0,60}\b(?:another|more|longer|extra|additional)\b|\b(?:live|last|stay"
    r"|run)\b[^.;\n]{0,40}\blonger\b|\b(?:more time|later expiry|new expiry)\b|\b(?:a bit"
    r"|a little|some time|somewhat|days|weeks|months) longer\b|\bmore (?:days|weeks|months)\b"
    r"|\b(?:needs?"
    r"|give \S+) (?:another|\d+ more|\d+ extra)\b|\badd \d+ (?:more )?(?:days|weeks|months)\b",
    re.IGNORECASE,
)
_END = r"(?:expiry|expiration|end|time limit)(?: ?date)?\b"
NO_END = re.compile(
    r"\b(?:remove|drop|delete|cancel|clear|lift|get rid of|take (?:away|off)) (?:the |its |that |any )?(?:[\w-]+'s )?"
    rf"{_END}(?!-)|\b(?:no|without(?: an?)?) {_END}|\bnever (?:to )?(?:expires?|ends?)\b"
    r"|\bkeeps? \S+ (?:forever|permanently|indefinitely|for good)\b"
    r"|\b(?:make|let) \S+ (?:be )?permanent\b|\bnot (?:to )?expire\b",
    re.IGNORECASE,
)
SETS_END = re.compile(
    rf"\b(?:set|move|change|put|give|bring)\b[^.;,\n]{{1,70}}?\b{_END}|\b(?:let|have|make|should|shall|must|will|to)\b"
    r"[^.;,\n]{0,70}?\b(?:expire|end)\b|\bexpires\b",
    re.IGNORECASE,
)
"""How it is said outright that a workspace shall end, or when."""

HISTORY = re.compile(
    r"\bhistory\b|\bwho (?:has |have )?(?:changed|created|approved|deleted|deployed|touched"
    r"|asked|made|built|requested|did)\b|\bwhat(?: has| have|'s)? (?:happened|changed"
    r"|been done|been changed)\b|\baudit (?:trail|logs?)\b|\bthe audit\b|\btimeline\b|\bchange ?log\b"
    r"|\bwhen (?:was|were|did)\b[^?\n]{0,60}\b(?:created|changed|deployed|made|approved"
    r"|resized)\b|\blog of\b|\bpast changes\b|\bwhat (?:changes|did)\b[^?\n]{0,40}\b(?:made"
    r"|change)\b",
    re.IGNORECASE,
)
EXPORT = re.compile(
    r"\b(?:export|download|dump)\b|\b(?:give|show|send|see|get|want|have|share|view|hand|need"
    r"|mail|look at|where is|where's)\b[^.;\n]{0,50}\b(?:terraform|tf files?|tf code|tf|\.tf|hcl|iac"
    r"|infrastructure as code|the code)\b|^\W*(?:the )?(?:terraform|tf files?|hcl)(?: (?:code"
    r"|files?))?(?: (?:for|of) \S+)?(?:,? please)?\W*$|\bas (?:terraform|code|hcl)\b",
    re.IGNORECASE,
)
STATUS = re.compile(
    r"\bhow(?:'s| is| are)\b[^?\n]{0,50}\b(?:getting (?:along|on)|faring|progressing|behaving)\b|\bwhether it(?:'s| is) (?:up|ready|done|running)\b|\bwhat state\b|\bin what state\b|\bwhat condition\b|\bstatus\b|\bstate of\b|\bprogress\b|\bhow far\b|\bhow(?:'s| is"
    r"| are)\b[^?\n]{0,50}\b(?:doing|going|coming|looking|holding)\b|\b(?:is|are|was"
    r"|has)\b[^?\n]{0,60}\b(?:up|ready|running|done|deployed|alive|live|online|finished|there"
    r"|healthy|created|available|reachable|working|failed|broken|down)\b(?: yet| now| already"
    r"| again)?\s*\?"
    r"|\b(?:show|see|view|display|repeat)\b[^.;\n]{0,20}\bplan\b|\bwhat(?:'s| is"
    r"| was)\b[^?\n]{0,10}\bplan\b|\bthe plan again\b|\bwhere (?:are we|do we stand|is my)\b"
    r"|\bis it (?:up|ready|done|running)\b|\bstill (?:creating|deploying|pending|waiting)\b"
    r"|\bcheck (?:on )?(?:the )?(?:dbw|workspace)\b|\bwhat is happening with\b|\bany news\b",
    re.IGNORECASE,
)
ENDED = re.compile(
    r"\bwhat(?:'?s| is)? (?:the|its|my) (?:url|link|address)\b|\bwhere (?:can|do) i (?:find|open|reach|see)\b"
    r"|\bhow do i (?:open|reach|access|log ?in|sign ?in)\b|\b(?:send|give) me the (?:url|link)\b|"
    r"\b(?:has|have|did|is|are|was)\b[^?\n]{0,60}\b(?:finish(?:ed)?|complet(?:ed|e)|deploy(?:ed|ing)"
    r"|succeed(?:ed)?|come up)\b"
    r"|\b(?:updates?|news|progress) (?:on|about|for|of)\b",
    re.IGNORECASE,
)
PLAN = re.compile(r"\bplan\b", re.IGNORECASE)
LIST = re.compile(
    r"\blist of (?:all |my |our |the |existing )*(?:workspaces|databricks)\b|\b(?:list|show|display|give|see|enumerate|which|what"
    r"|view)\b[^.;\n]{0,40}\b(?:workspaces|databricks|deployments|environments|wss)\b|\bwhich ws\b|\bwhich ones\b[^.;\n]{0,20}\b(?:have|running|deployed|up|exist|own)\b|\bwhat (?:\w+ ){0,3}(?:do|does) (?:we|i|our team|my team|team \w+|the \w+ team) (?:currently |already )?(?:have|own|run)\b|\b(?:show|list)\b[^.;\n]{0,30}\b(?:running|deployed|own|everything)\b|\b(?:my|our"
    r"|all)(?: \w+)? workspaces\b|\bworkspaces (?:do|does|have|are|exist|run|running|deployed|left|that)\b"
    r"|\bwhat (?:do|have) (?:i|we) (?:have|got|own|running|deployed)\b|\bwhat(?:'s"
    r"| is) (?:deployed|running|out there)\b|\bhow many workspaces\b|^\W*(?:please |pls |can you |could you )*list (?:every|each|all|me|out|the)\b|^\W*(?:list|ls"
    r"|workspaces)\W*$|\bwhat have i got\b|\b(?:anything|everything|all)(?: that)?(?: (?:we"
    r"|i) have)? (?:deployed|running)\b",
    re.IGNORECASE,
)
ACCESS = re.compile(
    r"\b(?:add|invite|onboard|remove|put|enrol|give|grant)\b[^.;?\n]{1,50}\b(?:to|into|from|on)\b[^.;?\n]{0,20}\b(?:groups?|admins?|workspace|cluster|catalog|schema)\b(?! for)"
    r"|\b(?:my|our|his|her) (?:\w+ )?(?:colleague|account|user|login|permissions?|access)\b[^.;?\n]{0,40}\b(?:group|admins?|access|role)\b|\b(?:remove|delete|invite|add|create|disable) (?:the |a |an |our )?(?:users?|groups?|members?|accounts?"
    r"|guests?)\b"
    r"|\badd \S+@\S+|\badd \w+ (?:to|as) \S+ (?:as|admin|with)|\bas (?:an? )?(?:admins?"
    r"|administrators?|readers?|contributors?|users?|members?)\b"
    r"|\b(?:give|grant|need|get|remove|revoke) (?:\S+ ){0,6}(?:access|permissions?|rights) (?:to|on|for|in|from)\b",
    re.IGNORECASE,
)
JOBS = re.compile(
    r"\b(?:run|execute|trigger|rerun|re-run|kick off|schedule|restart|debug|stop|start)\b[^.;?\n]{0,40}\b(?:notebook|job|query|script|workflow|pipeline run|dag)\b[^.;?\n]{0,30}\b(?:in|on|for me|again|now|tonight|please)\b|\b(?:run|execute|schedule|trigger|rerun|restart|start|stop|kill|debug)\s+(?:my|the|our|a|an|this|that"
    r"|all)\s+(?:\w+\s+){0,2}"
    r"(?:jobs?|notebooks?|scripts?|quer(?:y|ies)|clusters?|pipeline run)\b",
    re.IGNORECASE,
)
PRICE_FIRST = re.compile(
    r"^\W*(?:(?:can|could) (?:you|i|we) |please |pls |just |give me |get |have |a |an |the "
    r"|rough(?:ly)? |ball ?park |quick |monthly |approximate )*"
    r"(?:price|cost|quote|estimate|pricing)\b(?!\s*(?:cent|limit|cap|code))",
    re.IGNORECASE,
)
WHAT_IF = re.compile(r"^\W*(?:(?:and|but|so|ok|hm+|well)\W+)*what if\b", re.IGNORECASE)
"""How a question begins that changes nothing yet, and is answered by its price."""

PRICING_TEAM = re.compile(r"^\W*(?:the |our |it'?s |for )*pricing(?: team)?\s*(?:[,;.!]|$)", re.IGNORECASE)
"""How an answer begins that names the pricing team."""

ASKS_LIST = re.compile(
    r"^\W*(?:(?:please|can you|could you|ok|and|hey|hi|now)\W+)*(?:list|show|display|which"
    r"|what|enumerate|how many|do i|do we)\b",
    re.IGNORECASE,
)
COST = re.compile(
    r"\bhow much\b(?!\s*[:=|])|\bwhat(?:'s|'d|s)?(?: (?:is|would|will|does|do|are|about|did"
    r"|could))?\b[^?\n]{0,90}\b(?:costs?|price|pay|bill|spend|set us back)\b"
    r"|\bprice[- ]?check\b|\b(?:cost|price) (?:estimate|of|for|breakdown|per)\b"
    r"|\bestimate\b[^.\n]{0,30}\b(?:costs?|price)\b|\bhow (?:expensive|costly|cheap|pricey)\b"
    r"|\bwhat'?s (?:that|it|this|the (?:damage|total))(?: (?:per|a) month)?\s*\?|\bquote\b"
    r"|\bpricing (?:for|of|please|info)\b|\bpricing\s*\?"
    r"|\bgive me (?:a|the|an) (?:price|cost|quote|estimate)\b|\bcosts?\s*\?|\bprice\s*\?"
    r"|\bcost me\b|\b(?:cheaper|more expensive|dearer)\b[^.\n]*\?|\bmonthly (?:cost|price"
    r"|bill)\b[^.\n]*\?|\bwhat would (?:it|that|this|they|both) (?:be|come to)\b"
    r"|\bprice (?:it|that|this)\b|\bball ?park\b",
    re.IGNORECASE,
)
COST_FIELDS = re.compile(r"\bcost[\s_-]*(?:cent(?:er|re)s?|limit|cap|code)\b|\bprice of failure\b", re.IGNORECASE)
COMPARE = re.compile(
    r"\b(?:can|could) (?:it|this|that|we|you)\b[^?\n]{0,20}\bcheaper\b|\b(?:anything|something) cheaper\b"
    r"|\b(?:reduce|lower|cut) the (?:costs?|price)\b|\bsave (?:money|costs?)\b"
    r"|\b(?:better|cheaper|faster|safer) than\b|\bdifferences?\b|\bdiffers?\b|\bcompar(?:e|ed|ing|ison)\b"
    r"|\bpros and cons\b"
    r"|\btrade-?offs?\b|\b(?:vs\.?|versus)\b|\balternatives?\b|\bother options?\b"
    r"|\bwhat else\b|\b(?:an?|any|some|what|which) (?:cheaper|other|better) (?:options?"
    r"|configurations?|ways?|choices?)\b|\bwhich (?:one )?(?:is|would be) (?:better|cheaper"
    r"|best|faster|safer)\b|\bwhat(?:'s| is) (?:better|cheaper|best)\b"
    r"|\bshould (?:i|we) (?:use|take|pick|choose|go (?:with|for)|prefer)\b[^?\n]*\bor\b"
    r"|\bbetter\b[^?\n]{0,40}\bor\b[^?\n]*\?|\badvantages?\b|\bside by side\b",
    re.IGNORECASE,
)
EXPLAIN = re.compile(
    r"\bwhat (?:does|do|did|is|are|would)\b[^?\n.]{1,40}\b(?:actually |even |really )?(?:do|mean|for|about|buy (?:me|us)|good for)\b[^?\n]{0,10}(?:\?|$)|\bwhat(?:'s| is) (?:the )?(?:point|deal|use|purpose|benefit) (?:of|with)\b|^\W*(?:(?:and|but|so|ok|okay|hm+|yes|sure|wait|hey|hi|well|btw)\W+)*(?:why|how come)\b"
    r"|\bwhy\b[^.\n]{0,80}\?|\btell me why\b|\bfirst\b[^.\n]{0,20}\bwhy\b|\bexplain\b"
    r"|\breasons?(?:ing)? (?:for|behind|why)\b|\bwhat(?:'s| is) the reason\b"
    r"|\bwhat does\b[^?\n]{0,40}\bmean\b|\bwhat(?:'s| is| are) (?:a |an |the )?(?:dbus?"
    r"|photon|unity catalog|spot|private link|vnet injection|premium|managed resource group"
    r"|auto-?termination|cluster policy|single node)\b|\bjustify\b|\bhow did you (?:choose"
    r"|pick|decide|come up)\b|\bon what grounds\b",
    re.IGNORECASE,
)
CHANGE = re.compile(
    r"\b(?:change|resize|scale|upgrade|downgrade|switch|move|update|modify|increase|reduce"
    r"|decrease|raise|lower|set|bump|adjust|turn (?:on|off)|enable|disable|add|grow|shrink"
    r"|make)\b",
    re.IGNORECASE,
)
QUESTION = re.compile(
    r"^\W*(?:btw,? |by the way,? |and |ok,? |so |hey,? )*(?:what|who|when|where|how|which"
    r"|do you know|can you tell|could you tell|tell me|is there|are there|does|did)\b",
    re.IGNORECASE,
)
COMMAND = re.compile(
    r"^\W*(?:please |pls |can you |could you |btw,? |hey,? )*(?:write|run|translate|sing|play"
    r"|book|order|remind|call|send|email|tell|draw|solve|calculate|recommend|fix|install|open"
    r"|print|search|google|find)\b",
    re.IGNORECASE,
)
FROM = re.compile(
    r"\b(?:from|off|away from|replac\w+|instead of|like (?:in|on|we (?:had|have) (?:in|on))"
    r"|left|leaving|not(?: on)?|no|unlike|migrat\w+ (?:from|off))\W*(?:the |our |old )*$",
    re.IGNORECASE,
)
