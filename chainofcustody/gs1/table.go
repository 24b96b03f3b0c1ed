package gs1

import (
	"strconv"
	"strings"
)

// table is the table of application identifiers (General Specifications section 3; formats and components as in the GS1
// Barcode Syntax Dictionary of 27 July 2026). One a line: AI, components, data title. A component is a set and a length,
// "..n" when shorter ones are allowed, "?" when it may be missing, then what it is checked for. Sets: n digits, x the 82
// characters, y the 39, z base 64. "31" with "nn" stands for the AIs 3100 to 3105 and so on, whose last digit is decimals.
const table = `
00 n18,csum SSCC
01 n14,csum GTIN
02 n14,csum CONTENT
03 n14,csum MTO GTIN
10 x..20 BATCH/LOT
11 n6,date0 PROD DATE
12 n6,date0 DUE DATE
13 n6,date0 PACK DATE
15 n6,date0 BEST BEFORE or BEST BY
16 n6,date0 SELL BY
17 n6,date0 USE BY OR EXPIRY
20 n2 VARIANT
21 x..20 SERIAL
22 x..20 CPV
235 x..28 TPX
240 x..30 ADDITIONAL ID
241 x..30 CUST. PART No.
242 n..6 MTO VARIANT
243 x..20 PCN
250 x..30 SECONDARY SERIAL
251 x..30 REF. TO SOURCE
253 n13,csum x..17? GDTI
254 x..20 GLN EXTENSION COMPONENT
255 n13,csum n..12? GCN
30 n..8 VAR. COUNT
31nn n6 MEASURE
32nn n6 MEASURE
33nn n6 MEASURE
34nn n6 MEASURE
35nn n6 MEASURE
36nn n6 MEASURE
37 n..8 COUNT
400 x..30 ORDER NUMBER
401 x..30 GINC
402 n17,csum GSIN
403 x..30 ROUTE
410 n13,csum SHIP TO LOC
411 n13,csum BILL TO
412 n13,csum PURCHASE FROM
413 n13,csum SHIP FOR LOC
414 n13,csum LOC No.
415 n13,csum PAY TO
416 n13,csum PROD/SERV LOC
417 n13,csum PARTY
420 x..20 SHIP TO POST
421 n3 x..9 SHIP TO POST
422 n3 ORIGIN
4307 x2 SHIP TO COUNTRY
4324 n6,date0 n4,hour NOT BEF DEL DT
4325 n6,date0 n4,hour NOT AFT DEL DT
4326 n6,date REL DATE
4330 n6 x1?,minus MAX TEMP F
4331 n6 x1?,minus MAX TEMP C
4332 n6 x1?,minus MIN TEMP F
4333 n6 x1?,minus MIN TEMP C
7001 n13 NSN
7003 n6,date n4,hour EXPIRY TIME
7004 n..4 ACTIVE POTENCY
7006 n6,date FIRST FREEZE DATE
7007 n6,date n6?,date HARVEST DATE
7011 n6,date n4?,hour TEST BY DATE
7020 x..20 REFURB LOT
7021 x..20 FUNC STAT
7022 x..20 REV STAT
7023 x..30 GIAI - ASSEMBLY
710 x..20 NHRN PZN
711 x..20 NHRN CIP
712 x..20 NHRN CN
713 x..20 NHRN DRN
714 x..20 NHRN AIM
715 x..20 NHRN NDC
716 x..20 NHRN AIC
7240 x..20 PROTOCOL
7241 n2 AIDC MEDIA TYPE
7250 n8 DOB
7251 n12 DOB TIME
7252 n1 BIO SEX
7253 x..40 FAMILY NAME
7254 x..40 GIVEN NAME
7255 x..10 SUFFIX
7256 x..90 FULL NAME
8001 n14 DIMENSIONS
8002 x..20 CMT No.
8003 n14,csum x..16? GRAI
8004 x..30 GIAI
8005 n6 PRICE PER UNIT
8006 n14,csum n4 ITIP
8008 n6,date n2,hour n2?,minute n2?,minute PROD TIME
8010 y..30 CPID
8011 n..12 CPID SERIAL
8012 x..20 VERSION
8013 x..25 GMN
8017 n18,csum GSRN - PROVIDER
8018 n18,csum GSRN - RECIPIENT
8019 n..10 SRIN
8020 x..25 REF No.
8026 n14,csum n4 ITIP CONTENT
8200 x..70 PRODUCT URL
90 x..30 INTERNAL
91 x..90 INTERNAL
92 x..90 INTERNAL
93 x..90 INTERNAL
94 x..90 INTERNAL
95 x..90 INTERNAL
96 x..90 INTERNAL
97 x..90 INTERNAL
98 x..90 INTERNAL
99 x..90 INTERNAL
`

// predefined are the lengths, with the AI, of elements that never end with FNC1, by the first two digits of the AI.
var predefined = map[string]int{
	"00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "11": 8, "12": 8, "13": 8, "14": 8, "15": 8, "16": 8, "17": 8, "18": 8, "19": 8,
	"20": 4, "31": 10, "32": 10, "33": 10, "34": 10, "35": 10, "36": 10, "41": 16,
}

// component is a part of a value.
type component struct {
	set      byte
	min, max int
	optional bool
	check    string
}

// definition is what the table says of an AI.
type definition struct {
	title      string
	components []component
}

// definitions is the table, read once.
var definitions = read(table)

func read(text string) map[string]definition {
	out := map[string]definition{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		var d definition
		i := 1
		for ; i < len(words) && strings.ContainsRune("nxyz", rune(words[i][0])) && len(words[i]) > 1 && strings.ContainsAny(words[i][1:2], ".0123456789"); i++ {
			d.components = append(d.components, componentOf(words[i]))
		}
		d.title = strings.Join(words[i:], " ")
		stem, ranged := strings.CutSuffix(words[0], "nn")
		if !ranged {
			out[words[0]] = d
			continue
		}
		for n := range 100 {
			if n%10 <= 5 {
				out[stem+string(rune('0'+n/10))+string(rune('0'+n%10))] = d
			}
		}
	}
	return out
}

func componentOf(word string) component {
	c := component{set: word[0]}
	form, check, _ := strings.Cut(word[1:], ",")
	c.check = check
	form, c.optional = strings.CutSuffix(form, "?")
	length, variable := strings.CutPrefix(form, "..")
	c.max, _ = strconv.Atoi(length) //nolint:errcheck // the table is ours; TestTable holds that every length is above zero
	c.min = c.max
	if variable {
		c.min = 1
	}
	return c
}

// find gives the AI at the beginning of text and what the table says of it.
func find(text string) (string, definition, bool) {
	for n := 2; n <= 4 && n <= len(text); n++ {
		d, ok := definitions[text[:n]]
		if ok {
			return text[:n], d, true
		}
	}
	return "", definition{}, false
}

// Title is the data title of an application identifier, e.g. "BATCH/LOT"; empty for one that is not in the table.
func Title(ai string) string { return definitions[ai].title }
