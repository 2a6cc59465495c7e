"""What can be wrong with a rule, a policy or a list, in the words of the person who wrote it.

    R001-R049  reading a rule     R050-R099  what a rule means and whether it may
    R101-R129  policies           R130-R149  what can never happen, or is not shown
    R202-R219  lists

A code is given once and never reused. The second part is what to do; where the case tells more, the
place that reports it gives a better one. This module must never hold anything but words.
"""

from __future__ import annotations

from ombud.errors import catalogue

catalogue(
    R001=("The file is not UTF-8 text.", "Save it as UTF-8 in your editor."),
    R002=("The file is {size} bytes long; at most {limit} are taken.", "Make several files of it."),
    R003=('There is no fact called "{name}".', "`ombud signals list` shows all facts."),
    R004=("The line is longer than {limit} characters.", "Break it up."),
    R005=(
        "The file begins with an invisible byte order mark.",
        "`ombud rules format` takes it away.",
    ),
    R006=("The lines end in the Windows way.", "`ombud rules format` changes that."),
    R007=(
        '"{fact}" is a length of time, but {value} has no unit.',
        'Write "{value} days" or "{value} hours".',
    ),
    R008=("There is a tab in this file.", "`ombud rules format` puts spaces in its place."),
    R009=("An invisible character (U+{number}) stands here.", "Delete it and type the line anew."),
    R010=('"{c}" has no meaning here.', "Text stands in quotes, a remark behind #."),
    R011=("The quotation mark is never closed.", 'Put a " at the end of the text.'),
    R012=(
        '"{written}" is no known escape.',
        'Known are \\", \\n (new line), \\\\ (backslash) and \\u{{200b}} (a character by number).',
    ),
    R013=("The number is too large; the largest is {limit}.", "Take a smaller number."),
    R014=("Only whole numbers are understood.", 'Write "90 minutes", not "1.5 hours".'),
    R015=('A rule has no part called "{word}".', "The parts are: {parts}."),
    R016=('The rule has no "{part}" part.', "{example}"),
    R017=('There are two "{part}" parts.', "Put all lines under the first one."),
    R018=(
        '"{part}" stands in the wrong place.',
        "The order is: {parts}. `ombud rules format` puts them in order.",
    ),
    R019=("This line is not indented.", "Begin it with two spaces."),
    R020=('There is nothing under "{part}".', "Write at least one line, indented by two spaces."),
    R021=(
        '"{name}" cannot be a rule\'s name.',
        "A name is at most 64 small letters, digits and hyphens, and begins with a letter.",
    ),
    R022=(
        "The rule does not say in one sentence what it catches.",
        'Write it in quotes on the line below "rule".',
    ),
    R023=('There is no kind called "{word}".', "The kinds are: {kinds}."),
    R024=("A clause is named by two words and a dot.", 'Write for example "clause spam.links".'),
    R025=('There is no mode called "{word}".', "The modes are draft, watch and live."),
    R026=("Expected here: {expected}.", ""),
    R027=("A group cannot stand inside a group.", "Write two lines, or two rules."),
    R028=(
        '"{word}" has no lines below it.',
        "Write its conditions on the lines below, indented by two more spaces.",
    ),
    R029=(
        '"{word}" is no unit of time.',
        "The units are seconds, minutes, hours, days, weeks and years.",
    ),
    R030=('There is no action called "{word}".', "The actions are: {actions}."),
    R031=("The rest of the line is not understood.", "{order}"),
    R032=('"{action}" cannot be done to {target}.', "It can be done to: {targets}."),
    R033=(
        '"{action}" needs an end.',
        'Write for how long, for example "for 10 minutes". No restriction is without an end.',
    ),
    R034=(
        "A hold lasts at most 72 hours.",
        "What nobody has looked at by then is released, and the person is told.",
    ),
    R035=('"{action}" needs a text in quotes.', 'Write for example: {action} "{example}"'),
    R036=(
        '"{word}" is no language code.',
        'Write "en" or "vi", or another code of two or three small letters.',
    ),
    R037=('The language "{lang}" is there twice.', "Delete one of the two lines."),
    R038=(
        "The text for the author is missing in {lang}.",
        'Write it under "tell author", in words you would want to read yourself.',
    ),
    R039=(
        "The line of the example does not end in a value.",
        'Write a fact and its value, for example "links.count  2".',
    ),
    R040=("There are more than {limit} {what}.", "Take some out, or make two rules of it."),
    R041=("There are more than {limit} problems; the rest is not shown.", "Mend these first."),
    R042=(
        "A rule needs a text for the author.",
        'Write "tell author" and a line for each language.',
    ),
    R043=('"{action}" does not take {what}.', "Leave it out."),
    R044=("The text is empty.", "Write what it should say."),
    R045=("The length of time is {problem}.", "Take one between 1 second and 100 years."),
    R046=(
        "There is another file called {file}, but for capital letters.",
        "On many disks one of them would take the other's place. Rename one.",
    ),
    R047=(
        "The lines end in a way that only very old computers use.",
        "`ombud rules format` changes that.",
    ),
    R048=("This is not read: {what}.", "Rename it, or move it elsewhere."),
    R049=(
        '"{action}" lasts at most 365 days.',
        "Whoever still means it then does it again. No restriction is without an end.",
    ),
)
catalogue(
    R050=(
        '"{fact}" is {type} and cannot be compared with {value}.',
        "Write for example: {example}",
    ),
    R051=('"{fact}" is a percentage, but {value} has no percent sign.', 'Write "{value} %".'),
    R052=('"{fact}" is {type}; alone it says nothing.', "Write for example: {example}"),
    R053=('"{fact}" is {type}; "{operator}" does not fit it.', "Write for example: {example}"),
    R054=(
        '"{fact}" is counted over time, but the line does not say over how much.',
        'Write "{fact} in last 1 hour".',
    ),
    R055=('"{fact}" is not counted over time.', 'Write "{fact}" alone.'),
    R056=("The window is wider than 400 days.", "Ombud does not remember that long."),
    R057=(
        'A share can be taken only of something counted "with" something.',
        "Write for example: share of author.posts with links in last 30 days",
    ),
    R058=('Nothing called "{word}" can follow "{before}" here.', "{known}"),
    R059=('There is no list called "{name}".', "Make it: lists/{file}, one entry a line."),
    R060=(
        '"{fact}" stands for several things.',
        'Write "{fact} any in list" or "{fact} all in list".',
    ),
    R061=('"{fact}" stands for one thing.', 'Write "{fact} in list", without "{word}".'),
    R062=('"{phrase}" works on "text" only, not on "{fact}".', "{instead}"),
    R063=(
        "The pattern cannot be read: {detail}.",
        "Patterns are RE2; look-around is not possible.",
    ),
    R065=('"{fact}" is {type}, and "{phrase}" does not fit it.', "{instead}"),
    R066=(
        '"{fact}" is never known for {kinds}.',
        "The line can never be decided. Take it out, or write the rule for {known}.",
    ),
    R067=(
        '"{fact}" is never known for {kinds}, so the rule cannot fire there.',
        'Take these kinds out of the "for" line, or the fact out of the rule.',
    ),
    R068=(
        "Counting stops at 1,024: this line can never be decided by a larger number.",
        'The largest threshold is ">= 1024".',
    ),
    R069=("A percentage is never more than 100.", "Take a smaller number."),
    R070=('There is no clause called "{name}".', "A rule rests on a clause that is published."),
    R071=('For {kind}, "{action}" cannot be done to {target}.', "{instead}"),
    R072=(
        '"campaign" needs a line that counts repeats.',
        'Add for example "text.repeat authors in last 1 hour >= 3", or act on "this".',
    ),
    R073=(
        '"{action}" may not rest only on {evidence}.',
        "Others can be wrong. Add a line about what was done, or let a person decide.",
    ),
    R074=(
        '"{action}" rests only on how often something happens, by anybody.',
        'Leave established members out: add a line such as "author.accepted posts < 5".',
    ),
    R075=(
        '"{action}" is never done by a rule alone.',
        "When the rule fires, a case is opened in which a person decides.",
    ),
    R076=(
        'No connected platform ({platforms}) can do "{action}" and undo it.',
        "Take another action. What a platform can do stands in its section of ombud.toml.",
    ),
    R077=(
        'Under a clause with "harm: form", {what}.',
        "Such a clause is about structure only, and can only warn or hold.",
    ),
    R078=(
        'A live rule needs an example of what it "{kind}".',
        'Write it as in the samples: {kind} "..." and the facts that matter.',
    ),
    R079=(
        'The rule is called "{name}", but the file is not.',
        "Rename the file to {name}.rule.",
    ),
    R080=('There is another rule called "{name}", in {file}.', "Give one of the two another name."),
    R081=("The line is there twice.", "Delete one of the two."),
    R082=('There is no queue called "{name}".', "Queues are named in ombud.toml: {known}."),
    R083=('"{title}" should be caught, but is not.', "{reason}"),
    R084=('"{title}" should pass, but is caught.', "{reason}"),
    R085=('The example states "{fact}" twice.', "Delete one of the two lines."),
    R086=('"{fact}" does not matter to this rule.', "Leave it out of the example."),
    R087=(
        "No example of what should be caught shows that this line works.",
        'Add one that states "{fact}", with a value that fulfils the line.',
    ),
    R088=("This is always {truth}.", "Lengths of time and counts are never below zero."),
    R089=("There are more than {limit} rules.", "Rules beyond that are not read."),
    R090=(
        "With this one the rules have {found}; at most {limit} are taken.",
        "Say several words with `in list`, or leave patterns out.",
    ),
    R091=(
        "All rules together may take {found} microseconds for one {kind}; {limit} is the bound.",
        "Checks before publication wait for that. The dearest rules are {rules}.",
    ),
    R092=(
        "The pattern may take {found} ms on a long text made for it; {limit} ms is the bound.",
        'Repeat ".", "[...]" and choices fewer times: ".*" costs less than ".{{0,50}}".',
    ),
    R093=(
        "What is usual is told of windows from 10 minutes to 1 day.",
        'Write for example "{fact} in last 1 hour".',
    ),
    R094=(
        "What is usual is told of a place, not of one text, site or name in it.",
        'Take a word that only filters, such as "with new accounts".',
    ),
    R095=(
        "Rates are told up to 32 times the usual: this line can never be decided by more.",
        'The largest threshold is ">= 32".',
    ),
    R097=(
        '"{action}" cannot rest on a fact-check: this rule asks "{fact}".',
        'A match may only propose "context this", which a person confirms, or "alert" somebody.',
    ),
    R098=(
        'The rule asks "{fact}", so its clause needs "harm: context"; {clause} has "harm: {harm}".',
        "What somebody repeats is no harm. Write a clause that says when a source is shown.",
    ),
    R099=(
        '"{action}" cannot be done under {clause}: its terms say "harm: context".',
        'Such a clause forbids nothing. Under it a rule may only propose "context" or "alert".',
    ),
)
catalogue(
    R101=("There is no clause in this file.", 'A clause begins with "## spam.links Title".'),
    R102=('There is another clause "{clause}", in {file}.', "Give one of the two another name."),
    R103=('The clause "{clause}" has no title.', 'Write "## {clause} What it is about".'),
    R104=('The clause "{clause}" says nothing.', "Write the norm below its terms."),
    R105=('The clause "{clause}" does not say which harm it is about.', "Write {example}."),
    R106=(
        '"{harm}" is no harm that Ombud acts on.',
        "The harms are: {harms}. Opinion, politics and religion are not harms.",
    ),
    R107=('"{value}" is no date.', 'Write "published: 2026-11-22".'),
    R108=(
        'The clause "{clause}" does not say since when it is published.',
        'Write "published: 2026-11-22" below its heading.',
    ),
    R109=(
        "The terms of a procedural hold are not understood.",
        'Write "procedural: hold 24 hours, cap 200 a day".',
    ),
    R110=("A procedural hold lasts at most 72 hours.", "Write a shorter time."),
    R111=('"words" can only be withheld.', 'Write "words: withheld", or leave the line out.'),
    R112=('There is no term called "{word}".', "The terms are: {terms}."),
    R113=('The term "{word}" is there twice.', "Delete one of the two."),
    R114=(
        '"{value}" cannot stand after "dsa:": {why}.',
        'Write for example "dsa: STATEMENT_CATEGORY_SCAMS_AND_FRAUD KEYWORD_PHISHING".',
    ),
    R115=(
        'The clause "{clause}" is translated here, but is not in {file}.',
        "A translation has the same clauses as the original.",
    ),
    R116=(
        'The clause "{clause}" is not translated into {lang}.',
        "Add its heading and text to {file}.",
    ),
    R117=("Terms stand in the original only.", "Delete this line."),
    R118=(
        'A policy file cannot be called "{name}".',
        'Call it "spam.md", and its Vietnamese translation "spam.vi.md".',
    ),
    R119=("{what} is longer than {limit} characters.", "Shorten it."),
    R121=(
        'A clause with "harm: context" cannot have "{term}".',
        "It forbids nothing, so nothing is held under it and no words are withheld.",
    ),
    R120=('"{name}" cannot be the name of a clause.', 'Write it like "spam.links".'),
    R130=(
        "This can never hold together with {others}, so the rule never fires.",
        'Change one of them, or put them under "any of".',
    ),
    R131=(
        "This line can never be the one that decides: {reason}.",
        "Delete it, or change it.",
    ),
    R132=("This adds nothing: {others} says it already.", "Delete it, or change it."),
    R133=(
        "This exception can never be met: it cannot hold beside {others}.",
        "Delete it, or change it.",
    ),
    R134=(
        "This exception lets pass {what}, so the rule never fires.",
        "Narrow it, or delete it.",
    ),
    R135=(
        'On "{platform}", "{action}" {problem}.',
        "There the rule opens a case in which a person decides.",
    ),
    R136=(
        'The rule asks exactly what "{name}" asks.',
        "Put what both do into one rule.",
    ),
    R137=('No rule asks the list "{name}".', "Delete the file, or name the list in a rule."),
    R138=(
        "No example of what should pass meets this exception.",
        'Add one that would be caught otherwise: state "{fact}" so that this line holds.',
    ),
    R139=(
        "The rule has no example of what it {kinds}.",
        "Write it as the samples do, with the facts that matter. A live rule needs both.",
    ),
    R145=(
        "Nothing is learned for {clause} yet: this is unknown, and the rule never fires by it.",
        "Train a model from decisions that people made: `ombud learn {clause}`.",
    ),
    R146=("The model for {clause} cannot be used. {message}", "Train it anew."),
    R147=(
        '"{action}" may not depend on the language of a text.',
        'A language is no harm, and a sign of where people come from. Warn, or use "alert".',
    ),
    R148=(
        'This states the same as "{other}", and one should be caught, the other pass.',
        "State what makes the difference, or delete one of the two.",
    ),
    R150=(
        '"{action}" may not rest on a hint alone.',
        "Let the rule raise an alert, or add a line about what was done that is no hint.",
    ),
    R151=(
        '"{action}" asks for what a whole language or alphabet has, such as "{example}".',
        "It would pick people by what they write in. Ask for words that say what was done.",
    ),
    R152=(
        '"{action}" may not rest only on a learned score: no reader can check it.',
        "Let the rule raise an alert, or add a line about what was done, such as links.any.",
    ),
    R202=(
        'A list file cannot be called "{name}".',
        'Call it like "our-own-sites.txt", for the list "our own sites".',
    ),
    R203=("The list is larger than {limit} MB.", "Split it."),
    R204=("The line is not valid UTF-8 (byte {byte} of it).", "Save the list in UTF-8."),
    R205=(
        "The line has {found} characters; at most {limit} are taken.",
        "Give one term a line, and a short source.",
    ),
    R206=("There are more than three fields.", "Write term, source, expiry; tabs between."),
    R207=("There is no visible term.", "Write the term before the tab."),
    R208=(
        'The expiry "{written}" is no date.',
        "Write it as 2027-01-31 or 2027-01-31T12:00:00Z.",
    ),
    R209=("The list has more than {limit} entries.", "Split it."),
    R210=(
        "Beside the star there are fewer than three letters or digits.",
        "It would be found in every other text. Write more letters, or \\* for the star itself.",
    ),
    R211=(
        "The line holds a character that cannot be seen ({character}).",
        "It does not count. Delete it, so that everybody reads the line as it is.",
    ),
    R212=("Nothing says which list to include.", 'Write for example "include: common sites".'),
    R213=('There is no list called "{name}" to include.', "Make it, or delete the line."),
    R214=("The list includes itself: {chain}.", "Take one of these lines out."),
    R215=(
        "With all that it includes the list has {found} entries; at most {limit} are taken.",
        "Include less.",
    ),
)
