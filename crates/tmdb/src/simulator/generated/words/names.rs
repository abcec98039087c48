//! Given and family names, a set for each region.

use super::super::tongues::Region;

pub(in super::super) struct Names {
    pub(in super::super) women: &'static [&'static str],
    pub(in super::super) men: &'static [&'static str],
    pub(in super::super) families: &'static [&'static str],
}

pub(in super::super) fn names(region: Region) -> &'static Names {
    match region {
        Region::Anglo => &ANGLO,
        Region::Romance => &ROMANCE,
        Region::North => &NORTH,
        Region::EastAsia => &EAST_ASIA,
        Region::SouthAsia => &SOUTH_ASIA,
    }
}

const ANGLO: Names = Names {
    women: &[
        "Abigail", "Adele", "Audrina", "Beatrix", "Bernice", "Candace", "Clementine", "Cordelia",
        "Delia", "Dorothea", "Edith", "Eleanor", "Fern", "Georgia", "Gwendolyn", "Harriet",
        "Imogen", "Ivy", "Josephine", "Keziah", "Lenora", "Mabel", "Maeve", "Nadine", "Opal",
        "Petra", "Philippa", "Rosalind", "Sybil", "Tamsin", "Verity", "Winifred",
        "Alma", "Bridget", "Celeste", "Constance", "Davina", "Della", "Elspeth", "Esther", "Flora",
        "Frances", "Gemma", "Greta", "Hazel", "Hilary", "Ingrid", "Iris", "Janice", "Joan",
        "Kathleen", "Kirsten", "Leonora", "Lydia", "Marian", "Naomi", "Odette", "Paula", "Roberta",
        "Selma", "Thelma", "Ursula", "Vivian", "Wilma",
    ],
    men: &[
        "Alistair", "Ambrose", "Barnaby", "Casper", "Clement", "Cyrus", "Desmond", "Dexter",
        "Elliot", "Emmett", "Everett", "Fergus", "Gareth", "Gideon", "Hamish", "Hollis",
        "Ignatius", "Jasper", "Kendrick", "Leander", "Lionel", "Malachi", "Mortimer", "Nigel",
        "Orson", "Percival", "Quentin", "Rufus", "Silas", "Thaddeus", "Virgil", "Wendell",
        "Abel", "Angus", "Bernard", "Byron", "Calvin", "Conrad", "Dennis", "Douglas", "Edgar",
        "Ernest", "Felix", "Franklin", "Gilbert", "Graham", "Howard", "Humphrey", "Irving",
        "Isaac", "Jerome", "Julius", "Kelvin", "Lawrence", "Marcus", "Norman", "Oliver", "Patrick",
        "Ralph", "Stewart", "Theodore", "Vernon", "Walter", "Xavier",
    ],
    families: &[
        "Abernethy", "Ainsworth", "Applegarth", "Ashdown", "Bancroft", "Barrowclough",
        "Blackwood-Hale", "Bramwell", "Brightwater", "Calloway", "Carmody", "Copperfield-Ames",
        "Cranleigh", "Dashwood", "Delafield", "Dunmore", "Eastlake", "Ellingham", "Fairweather",
        "Farthing", "Fenwick", "Garroway", "Goodfellow", "Greystone", "Halloway", "Harrowgate",
        "Hathersage", "Hollingberry", "Inchbald", "Jessop", "Kettleman", "Kingsley-Rook",
        "Lockhart", "Loxley", "Marchbank", "Merriwether", "Nightingale", "Oakhurst", "Osgood",
        "Pemberwick", "Penhaligon", "Quillfeather", "Ravenscroft", "Redfern", "Rookwood",
        "Sedgewick", "Silverlock", "Standish", "Stonebridge", "Swinburne", "Tallis",
        "Thackeray-Moss", "Thornhill", "Underhill", "Vandergrift", "Wainwright", "Waverley",
        "Whitlock", "Winterbourne", "Wolcott", "Wrexham", "Yardley", "Yellowlees", "Zellman",
        "Aldersey", "Beaumaris", "Birkett", "Braithwell", "Castellan", "Chadderton", "Dunwoody",
        "Edgeworth", "Fallowfield", "Gilchrist-Moor", "Haverstock", "Isherby", "Kilbride",
        "Langthorne", "Netherby", "Ormsgate", "Pettigrove", "Quarles", "Ravenhurst", "Saltmarsh",
        "Tattersby", "Ulverton", "Venning", "Wetherall", "Wickersby", "Yarborough", "Zennor",
    ],
};

const ROMANCE: Names = Names {
    women: &[
        "Adélaïde", "Amélia", "Beatriz", "Camila", "Chiara", "Clotilde", "Dolores", "Éloïse",
        "Fiorella", "Ginevra", "Inês", "Isaura", "Josefina", "Léonie", "Lucrezia", "Manon",
        "Marisol", "Noémie", "Ofelia", "Paloma", "Rosália", "Séverine", "Solange", "Ximena",
    ],
    men: &[
        "Adriano", "Anselmo", "Baptiste", "Bruno", "Ciro", "Corentin", "Diogo", "Emiliano",
        "Fabrice", "Gaspard", "Gonzalo", "Heitor", "Ignacio", "Jacinto", "Lorenzo", "Maxence",
        "Nicolò", "Octave", "Rodrigo", "Salvatore", "Tancredi", "Ulisses", "Valentín", "Yannick",
    ],
    families: &[
        "Alcântara", "Amarillo", "Aubertin", "Barbosa-Lins", "Bellacorte", "Bertolini", "Bonnefoy",
        "Brandão", "Cabestany", "Caldarelli", "Carvalhal", "Chastenet", "Delacroix-Meyer",
        "Del Bosque", "Durandeau", "Escalante", "Espinal", "Fioravanti", "Fontanel", "Gaillardin",
        "Gallardo", "Grimaldeschi", "Herrero", "Izquierdo", "Lacombe", "Lamberti", "Larrañaga",
        "Malaparte", "Marchetti", "Montalvo", "Montclair", "Navarrete", "Olivares", "Passerini",
        "Peñaranda", "Quintana", "Rambaldi", "Ribeirão", "Sarrazin", "Serafini", "Tavares",
        "Torregrossa", "Urrutia", "Vasconcelos", "Vauquelin", "Villaseñor", "Zamorano",
        "Zuccarelli",
    ],
};

const NORTH: Names = Names {
    women: &[
        "Agnieszka", "Annika", "Astrid", "Birgitta", "Dagmar", "Ebba", "Elke", "Freya", "Gudrun",
        "Hedwig", "Ilse", "Ingeborg", "Jadwiga", "Katarzyna", "Liesel", "Ludmila", "Marjatta",
        "Nadezhda", "Ottilie", "Ragnhild", "Sigrid", "Tatiana", "Vlasta", "Zofia",
    ],
    men: &[
        "Aleksander", "Anselm", "Bogdan", "Casimir", "Dietmar", "Eskil", "Florian", "Gunnar",
        "Henrik", "Ilya", "Jaroslav", "Joachim", "Kasper", "Laszlo", "Lennart", "Matthias",
        "Nikolai", "Oskar", "Radek", "Sören", "Torvald", "Ulrich", "Vadim", "Wolfram",
    ],
    families: &[
        "Adlercreutz", "Bachleitner", "Bergstrand", "Bogdanovich", "Brandvold", "Czerwony",
        "Dalgaard", "Dobrowolny", "Eisenhauer", "Ekdahl", "Falkenrath", "Fjellstad", "Gorchakov",
        "Grünwald", "Haapalainen", "Havlíček", "Hollander", "Holmgren", "Ivashkin", "Jankowiak",
        "Kaltenbach", "Kirchner", "Kowalczuk", "Krasnov", "Lagerkvist", "Lindqvist", "Lundholm",
        "Mecklenburg", "Mikhalkin", "Nachtigall", "Novotnik", "Nyström", "Oberhauser", "Pavlenko",
        "Petrossian", "Rosenkvist", "Sandvik", "Schimmelpfennig", "Sokolowski", "Steenkamp",
        "Tchernov", "Thorvaldsen", "Uusitalo", "van der Brugge", "Vinterhed", "Wachowiak",
        "Westergaard", "Zahradník",
    ],
};

const EAST_ASIA: Names = Names {
    women: &[
        "Aiko", "Chie", "Eun-seo", "Fumiko", "Ha-rin", "Hotaru", "Jia-Li", "Kaoru", "Lan Phuong",
        "Mei-Hua", "Min-ah", "Misaki", "Nari", "Ploy", "Qingyue", "Rin", "Seo-yun", "Shizuka",
        "Suchada", "Tomoe", "Xiaoqing", "Yi-Ling", "Yuzuki", "Zihan",
    ],
    men: &[
        "Akihito", "Bo-hyun", "Chang-min", "Daiki", "Dong-ju", "Eiji", "Guowei", "Haruto",
        "Hsiao-Wen", "Jae-hwan", "Jun'ichi", "Kittisak", "Koji", "Liang", "Masanori", "Nattapong",
        "Ryuji", "Sang-ho", "Shinnosuke", "Tae-gyu", "Takumi", "Wei-Chung", "Yongzheng", "Zhiyuan",
    ],
    families: &[
        "Akagawa", "Baek", "Chaiyasit", "Chung", "Fujisaki", "Gao", "Hanazawa", "Heo", "Hoshikawa",
        "Hsieh", "Igarashi", "Jeong", "Kagemori", "Kuroiwa", "Lai", "Liang", "Mizushima", "Moon",
        "Nakahara", "Noh", "Onodera", "Ouyang", "Pak", "Phromsiri", "Qiao", "Sakuragi", "Seok",
        "Shiomi", "Shirakawa", "Sim", "Situ", "Takigawa", "Tian", "Tokunaga", "Uehara",
        "Wakabayashi", "Wen", "Xiao", "Yanagida", "Yeo", "Yin", "Zhuge",
    ],
};

const SOUTH_ASIA: Names = Names {
    women: &[
        "Amrita", "Ayşe", "Chandni", "Defne", "Esha", "Farideh", "Gulnaz", "Hala", "Indrani",
        "Jahanara", "Kavitha", "Lalitha", "Maryam", "Nasrin", "Padmini", "Rukmini", "Samira",
        "Shirin", "Sunanda", "Tahmineh", "Urvi", "Vasanthi", "Yasmin", "Zeynep",
    ],
    men: &[
        "Anirudh", "Arjunan", "Bahram", "Chetan", "Devendra", "Emre", "Farhad", "Girish", "Harish",
        "Ilyas", "Jagdish", "Kemal", "Madhavan", "Nasser", "Omkar", "Prakash", "Raghunath",
        "Siddharth", "Tariq", "Umesh", "Vikrant", "Waleed", "Yusuf", "Zubin",
    ],
    families: &[
        "Acharekar", "Altıntaş", "Ashrafi", "Balasundaram", "Bandopadhyay", "Chakravarthi",
        "Darvishan", "Deshmukhya", "Dhillonwala", "El-Masri", "Farrokhi", "Ganapathi", "Gokhale",
        "Haddadin", "Iyengar", "Jahangiri", "Kalantari", "Karaca", "Khatibi", "Kulkarnee",
        "Mansouri", "Mukhopadhyay", "Nambiar", "Nazari", "Özdemiroğlu", "Pallavan", "Qureshian",
        "Rajagopal", "Sabzvari", "Seshadri", "Shahriari", "Srinivasan", "Tehrani", "Thirumalai",
        "Upadhyaya", "Varadkar", "Venkataraman", "Yıldırımlar", "Zamindar", "Zarrabi",
    ],
};
