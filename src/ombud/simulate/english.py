"""What the simulated community says in English: sentence patterns with slots, by topic.

Every sentence is made up for this program. Words in braces are slots, filled from `SLOTS`.
This module must never hold a real brand, person or place, nor an address that is not reserved.
"""

from __future__ import annotations

from ombud.simulate.language import Language

_GENERAL = (
    "Finally {weather} today, I walked to the {place} and back.",
    "What is everybody up to this {day}?",
    "The {place} near us opens again on {day}, I can't wait.",
    "My {relative} turned {number} today and the cake did not survive.",
    "Does anyone else sleep badly when it is {weather}?",
    "I found my old {thing} in the attic. Still works!",
    "We saw {number} {animal}s by the river this morning.",
    "Slow day at work, so tell me one good thing that happened to you.",
    "The bus was {number} minutes late and still everybody said hello.",
    "Started learning to swim at my age. Wish me luck for {day}!",
    "I am reading a book about {topic}, it is better than I thought.",
    "Power is back in our street after {number} hours, the {relative} cheered.",
    "Our {animal} learned to open the fridge. Send help.",
    "Who is coming to the meet-up at the {place} on {day}?",
    "It has been {weather} all week and the laundry will not dry.",
    "I moved the sofa three times today and it is back where it was.",
)
_KITCHEN = (
    "I made {food} for {number} people and there is nothing left.",
    "How long do you cook {ingredient} so that it stays soft?",
    "Tried {food} with {ingredient} instead of butter, not bad at all.",
    "My {relative} says {food} needs more salt. My {relative} is wrong.",
    "What do you do with half a kilo of {ingredient}?",
    "The secret of good {food} is patience, and a heavy pan.",
    "I burnt the {food} while reading this room. Worth it.",
    "Has anybody frozen {food}? Does it taste the same after a week?",
    "First {food} of the season! The kitchen smells wonderful.",
    "Is there a good side dish for {food} that is not rice?",
    "We ran out of {ingredient} in the middle of dinner, classic.",
    "My oven runs hot, so {food} takes {number} minutes less here.",
    "Leftover {food} for breakfast is allowed, I checked with my {relative}.",
    "On {day} we cook together at the {place}, bring {ingredient} if you can.",
    "Which knife do you use for {ingredient}? Mine only squashes it.",
)
_GARDEN = (
    "The first {plant} came up this morning!",
    "My {plant} has yellow leaves, is that too much water?",
    "I planted {number} rows of {plant} before the rain started.",
    "Slugs ate the {plant} again. We are not friends any more.",
    "When do you move {plant} outside? Nights are still {weather} here.",
    "I have {number} pots of {plant} too many, happy to share at the {place}.",
    "A {animal} sits in the {plant} every evening and judges my work.",
    "Compost question: can {ingredient} go in, or will it smell?",
    "Cut the {plant} back hard last year and now it is huge.",
    "My {relative} waters the {plant} at noon and will not hear otherwise.",
    "Saved seeds from the {plant} and {number} of them sprouted.",
    "Does {plant} grow on a balcony that is {weather} half the day?",
    "The frost took the {plant}, but the {ingredient} is fine.",
    "Built a raised bed on {day}; my back noticed.",
    "What do you plant next to {plant} so that both are happy?",
)
_GAMES = (
    "Anyone for a round of {game} on {day} evening?",
    "I lost at {game} to my {relative}, {number} times in a row.",
    "We finished the long {game} campaign last night, what a finale.",
    "What is a good {game} for two people and one short evening?",
    "I still do not understand the scoring in {game}.",
    "Level {number} is too hard, or I am too old. Probably both.",
    "House rule: whoever wins {game} makes the tea.",
    "My {animal} walked over the board and won {game}.",
    "We need {number} more players for {game} at the {place}.",
    "Taught {game} to the neighbours' kids, they cheat brilliantly.",
    "Is the expansion for {game} worth it if we only play on {day}?",
    "I painted {number} little figures and my eyes are done.",
    "Lost a piece of {game} and replaced it with a button.",
    "Best moment of the week: a draw in {game} after {number} hours.",
    "Would people like a small {game} tournament next {day}?",
)
_MUSIC = (
    "I have practised the {instrument} for {number} days without a break!",
    "Does anyone here play the {instrument} left-handed?",
    "The choir sings at the {place} on {day}, come and listen.",
    "New strings on the {instrument} and it sounds like another one.",
    "My {relative} asked me to play quieter. I play the {instrument}.",
    "I wrote a little song about my {animal}. It has {number} verses.",
    "What do you listen to when it is {weather} outside?",
    "How do you learn to read notes as an adult? I am on page {number}.",
    "We recorded the {instrument} in the bathroom, it has a lovely echo.",
    "That slow song from the {day} concert is still in my head.",
    "A used {instrument} or a new cheap one, what would you do?",
    "My fingers hurt, but the chord change finally works.",
    "Looking for a {instrument} player for a small band that meets on {day}.",
    "The old radio of my {relative} plays only one station, and it is a good one.",
    "Sang for {number} people at the {place} and forgot one line. Nobody noticed.",
)
_HELP = (
    "My {device} does not start after the update, where do I begin?",
    "How do you clean a {device} without scratching it?",
    "The {device} makes a noise every {number} minutes, any ideas?",
    "Solved: it was the cable. It is always the cable.",
    "Can somebody explain {topic} to me as if I were five?",
    "I need to borrow a {tool} for {day}, I am near the {place}.",
    "Which form do I need for a library card at the {place}?",
    "My {relative} forgot the password of the {device} again.",
    "What size of screw fits an old {device}? I have only a {tool} here.",
    "Is it normal that a {device} gets warm after {number} minutes?",
    "I wrote down how I fixed my {device}, ask me if yours is broken too.",
    "Where can one print {number} pages near the {place}?",
    "Does anyone know a patient teacher for {topic}?",
    "How do I get paint off a {tool}? It dried over {day}.",
    "The manual of my {device} is {number} pages long and explains nothing.",
)

REPLIES = (
    "Same here, ours did that for {number} days.",
    "That made me laugh, thank you.",
    "I would try it with a {tool} first.",
    "Good question, my {relative} would know.",
    "Congratulations! Enjoy the {day}.",
    "We had this last year and it went away by itself.",
    "Not sure I agree, but I see what you mean.",
    "Could you say a bit more about how you did it?",
    "Take your time, nobody here is in a hurry.",
    "Count me in for {day}!",
    "I tried that {number} times and gave up.",
    "Ask at the {place}, they were very kind to me.",
    "Sorry to hear that. Hope {day} is better.",
    "Yes! And with a little {ingredient} it is even nicer.",
    "Ha, my {animal} does exactly the same.",
    "Thanks, that is just what I needed to know.",
    "I can lend you mine until {day}.",
    "Please show us when it is finished.",
    "It took me {number} weeks, do not give up.",
    "Sounds lovely, say hello to your {relative}.",
    "Careful, it gets hot after {number} minutes.",
    "Here it was {weather}, so we stayed in.",
    "You are right, I had it the wrong way round.",
    "Write it down before you forget, I always do.",
    "No, but now I want one too.",
    "Depends: is yours older than {number} years?",
    "I was wondering about that as well.",
    "Well done, that is harder than it looks.",
    "Maybe turn it off for {number} minutes and try again.",
    "We missed you on {day}, good to have you back.",
)

INTRODUCTIONS = (
    "Hello everybody, I am new here. I like {topic} and {food}.",
    "Hi all! My {relative} told me about this place.",
    "New here, I live near a {place} and keep {number} {animal}s.",
    "Good to meet you. I have read along for {number} weeks and now I dare to write.",
    "Hello! I am learning the {instrument} and hope to find company.",
    "Hi, I just moved and know nobody yet. I grow {plant}.",
    "Greetings from a {weather} town. I am here for {game}.",
    "I am new and a little shy. Which room do you like best?",
    "Hi there, I am a nurse on night shifts, so I write at odd hours.",
    "Hello, retired since {day} and looking for something to do!",
    "First post. I cook {food} far too often, do you have other ideas?",
    "Hi! I joined because of your talk about {topic}.",
)

WITH_LINK = (
    "I wrote up my notes about {topic} here: {link}",
    "The timetable of the {place} is at {link} if you need it.",
    "This page helped me with my {device}: {link}",
    "Photos of the {plant} from {day}: {link}",
    "Recipe for the {food} somebody asked for: {link}",
    "Sheet music for the {instrument}, free to print: {link}",
    "The rules of {game}, explained well: {link}",
    "Here is the map to the {place}: {link}",
    "A long read about {topic}, worth an evening: {link}",
    "The club's page is {link}, the next date is {day}.",
)

WITH_MENTION = (
    "@{name} how did the {food} turn out?",
    "@{name} are you still looking for a {tool}?",
    "Thanks @{name}, the tip about the {device} worked!",
    "@{name} I saved {number} seedlings of {plant} for you.",
    "I think @{name} knows more about {topic} than I do.",
    "@{name} do you have time for {game} on {day}?",
    "Happy birthday @{name}! Cake at the {place}?",
    "@{name} you were right about the {instrument}.",
    "Did you see what @{name} built with one {tool}?",
    "@{name} see you at the {place} on {day}.",
)

TAILS = (
    "Thanks in advance!",
    "No hurry.",
    "Just wondering.",
    "It made my {day}.",
    "My {relative} disagrees, of course.",
    "Any advice is welcome.",
    "That is all from me today.",
    "Next try on {day}.",
    "I will report back.",
    "Pictures later, when it is less {weather}.",
    "Tea first, though.",
    "At least the {animal} is happy.",
    "Have a good {day}, all of you.",
    "It only took {number} attempts.",
    "You live and learn.",
    "The {relative} sends greetings.",
)

SLOTS = {
    "animal": ("cat", "dog", "duck", "hedgehog", "rabbit", "goose", "parrot", "goat", "hen"),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "device": (
        *("printer", "kettle", "sewing machine", "radio", "laptop", "camera", "bicycle lamp"),
        *("toaster", "record player", "phone", "vacuum cleaner", "clock"),
    ),
    "food": (
        *("lentil soup", "dumplings", "apple pie", "flat bread", "potato salad", "fried noodles"),
        *("pancakes", "tomato stew", "spring rolls", "rice pudding", "mushroom risotto", "curry"),
    ),
    "game": (
        *("chess", "dominoes", "the pirate card game", "checkers", "the train puzzle", "charades"),
        *("the island game", "backgammon", "the cave adventure", "mahjong", "the word game"),
    ),
    "ingredient": (
        *("coriander", "ginger", "pumpkin", "buckwheat", "chickpeas", "leek", "lemon", "plums"),
        *("sesame", "spinach", "oats", "sweet potato"),
    ),
    "instrument": (
        *("guitar", "violin", "flute", "accordion", "piano", "drum", "cello", "ukulele"),
        *("trumpet", "harp"),
    ),
    "number": ("three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "twenty"),
    "place": (
        *("library", "market hall", "old bridge", "harbour", "community centre", "swimming pool"),
        *("railway station", "lake", "school yard", "bakery", "museum", "town square"),
    ),
    "plant": (
        *("basil", "tomatoes", "sunflowers", "beans", "lavender", "strawberries", "mint", "roses"),
        *("peppers", "courgettes", "garlic", "tulips"),
    ),
    "relative": (
        *("sister", "brother", "mother", "father", "grandmother", "grandfather", "aunt", "uncle"),
        *("cousin", "daughter", "son", "neighbour"),
    ),
    "thing": ("camera", "bicycle", "kite", "typewriter", "tent", "telescope", "sledge", "radio"),
    "tool": ("ladder", "drill", "screwdriver", "saw", "hammer", "paint brush", "wrench", "spade"),
    "topic": (
        *("bread baking", "bird watching", "book binding", "tax forms", "knitting", "old maps"),
        *("bicycle repair", "solar panels", "first aid", "beekeeping", "star signs", "pottery"),
    ),
    "weather": ("rainy", "sunny", "windy", "foggy", "cold", "grey", "warm", "stormy", "humid"),
}

ENGLISH = Language(
    code="en",
    talk={
        "general": _GENERAL,
        "kitchen": _KITCHEN,
        "garden": _GARDEN,
        "games": _GAMES,
        "music": _MUSIC,
        "help": _HELP,
    },
    replies=REPLIES,
    introductions=INTRODUCTIONS,
    with_link=WITH_LINK,
    with_mention=WITH_MENTION,
    tails=TAILS,
    slots=SLOTS,
    given_names=(
        *("Alma", "Ben", "Clara", "Daniel", "Edda", "Finn", "Greta", "Hugo", "Ida", "Jonas"),
        *("Karin", "Leo", "Maja", "Nils", "Olive", "Pia", "Quentin", "Rosa", "Sam", "Tilda"),
        *("Una", "Viktor", "Wilma", "Yara", "Zoe", "Amos", "Bella", "Cyril", "Dora", "Emil"),
    ),
    by_names=(
        *("teapot", "meadow", "woodwork", "harbour", "lantern", "blueberry", "bicycle", "attic"),
        *("thimble", "maple", "pebble", "kettle", "swallow", "clover", "marmalade", "compass"),
        *("raincoat", "hazel", "violin", "bakery", "orchard", "puddle", "beacon", "cinnamon"),
    ),
)
