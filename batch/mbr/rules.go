package mbr

import (
	"slices"
	"strings"
)

// Rule is a kind of fault. Its code is stable: records and documents name it.
type Rule struct {
	Code     string
	Severity Severity
	Stands   Stand  // empty for a warning
	Title    string // what a recipe must not have
}

// tooManyFaults is the code under which what is beyond the bound is summed up.
const tooManyFaults = "MBR009"

// Rules are all kinds of fault, in order of their codes.
func Rules() []Rule { return slices.Clone(rules) }

func ruleOf(code string) Rule {
	i, found := slices.BinarySearchFunc(rules, code, func(r Rule, code string) int { return strings.Compare(r.Code, code) })
	if !found {
		panic("mbr: no rule " + code) // a mistake of this package, found by its tests
	}
	return rules[i]
}

// The columns of the table.
const (
	stop = AgainstExecution
	hold = AgainstApproval
)

// rules is the one table of what the compiler finds; docs/recipe.md shows it.
var rules = []Rule{
	{"MBR001", Error, stop, "not a YAML file of bounded size and depth"},
	{"MBR002", Error, stop, "anchors, aliases, merges, tags, keys that are no words"},
	{"MBR003", Error, stop, "a key that the language does not have there"},
	{"MBR004", Error, stop, "a key that stands twice"},
	{"MBR005", Error, stop, "a value of another sort: a number without quotes, a text for a list"},
	{"MBR006", Error, stop, "something that has to be there is missing"},
	{"MBR007", Error, stop, "a word that is none of the listed ones"},
	{"MBR009", Error, stop, "more faults than are shown"},

	{"MBR101", Error, stop, "a malformed name"},
	{"MBR102", Error, stop, "a name used twice"},
	{"MBR103", Error, stop, "a reference to a step or field that there is not"},
	{"MBR104", Error, stop, "a reference to something that is captured later"},
	{"MBR105", Error, hold, "a reference inside a parallel group"},
	{"MBR106", Error, stop, "an unknown parameter"},
	{"MBR107", Error, stop, "an unknown plant"},
	{"MBR108", Error, stop, "an unknown role"},
	{"MBR109", Error, stop, "an unknown procedure"},
	{"MBR110", Error, stop, "an unknown material"},
	{"MBR111", Error, stop, "an unknown kind of equipment"},
	{"MBR112", Error, stop, "an unknown kind of work area"},
	{"MBR113", Error, stop, "a container that no step before makes at that plant"},
	{"MBR114", Error, stop, "a reference to something that a plant does not record"},
	{"MBR115", Error, hold, "a role without its wording"},
	{"MBR116", Warning, "", "a parameter that is never used"},
	{"MBR117", Warning, "", "a procedure, material, kind of equipment or area that is never used"},

	{"MBR201", Error, stop, "an unknown unit"},
	{"MBR202", Error, stop, "a malformed limit or number"},
	{"MBR203", Error, hold, "a limit that nothing can meet"},
	{"MBR204", Error, hold, "a limit beyond what the unit can have"},
	{"MBR205", Warning, "", "a percentage with a limit above 100"},
	{"MBR206", Error, stop, "an expected value that is no option"},
	{"MBR207", Error, hold, "an expectation on a field that is never compared with it"},
	{"MBR208", Error, hold, "a limit with more decimals than the field captures"},
	{"MBR210", Error, stop, "a choice without options"},
	{"MBR211", Warning, "", "a choice with one option"},
	{"MBR212", Error, hold, "options or each on a field that has no use for them"},
	{"MBR213", Error, hold, "decimals that the field cannot have"},
	{"MBR214", Error, hold, "a number without a unit (I13)"},
	{"MBR215", Error, hold, "unit, decimals or limit on a field that is no number"},
	{"MBR216", Error, hold, "a value that is needed and may stay empty"},
	{"MBR217", Warning, "", "beyond without a limit, expectation or check"},
	{"MBR218", Error, hold, "a way of capture that the type does not have"},

	{"MBR301", Error, stop, "an unknown formula"},
	{"MBR302", Error, stop, "a formula that does not give a value of the field"},
	{"MBR303", Error, stop, "an input that the formula does not have"},
	{"MBR304", Error, stop, "an input that is missing"},
	{"MBR305", Error, stop, "an input that is neither number nor time, or the other of both"},
	{"MBR306", Error, stop, "an input in a unit that the formula does not take"},
	{"MBR307", Error, stop, "a result that is not shown in the unit of the field"},
	{"MBR308", Error, stop, "a computed field without formula or expression"},
	{"MBR309", Error, stop, "a computed field with both"},
	{"MBR310", Error, hold, "a formula or expression on a field that is not computed"},
	{"MBR311", Error, stop, "fields that are computed from each other"},
	{"MBR320", Error, stop, "an expression that is malformed or mixes kinds of value"},
	{"MBR321", Error, stop, "an expression that compares a choice with no option of it"},
	{"MBR322", Error, stop, "an expression that mixes units"},
	{"MBR323", Error, stop, "an expression that does not give what its place asks for"},
	{"MBR324", Warning, "", "a value that is not asked for in every case, used without has(…)"},
	{"MBR325", Error, hold, "something blind that decides what everybody sees (I11)"},
	{"MBR326", Error, hold, "a check that does not speak of its value"},

	{"MBR401", Error, hold, "a performer who may not execute steps (CS-66)"},
	{"MBR402", Error, hold, "a second person who may not verify (CS-66)"},
	{"MBR403", Error, hold, "a critical step without second person or signature (I7)"},
	{"MBR404", Warning, "", "a critical step where a person of the same role only confirms (I7)"},
	{"MBR406", Error, stop, "a second person who scans no scan field"},
	{"MBR407", Error, stop, "a second person who enters a field that the step does not have"},
	{"MBR408", Error, hold, "a second person who enters nothing"},
	{"MBR409", Error, hold, "a second person who enters what nobody types"},
	{"MBR410", Error, hold, "a field of the second person that its mode does not use"},
	{"MBR411", Error, hold, "a second person beside a signature for the same act"},
	{"MBR412", Error, hold, "the same signature asked for twice"},
	{"MBR414", Error, hold, "a decision asked for twice"},
	{"MBR415", Warning, "", "more signatures an hour than the plant accepts"},
	{"MBR416", Error, hold, "an act signed by a role that may not"},
	{"MBR418", Error, hold, "a step behind the certification that changes what is certified (I9)"},
	{"MBR419", Error, hold, "a certification without a review (I9)"},
	{"MBR420", Error, hold, "a recipe without a certification (I9)"},
	{"MBR421", Error, hold, "a blind step done by a role that does not see the arm (I11)"},
	{"MBR423", Error, hold, "fields of a step that is a signature"},
	{"MBR424", Warning, "", "a critical or material step without training (CS-2)"},

	{"MBR501", Error, hold, "a material from a field that holds no lot of it"},
	{"MBR502", Error, hold, "a quantity that is no number in a unit of the material"},
	{"MBR503", Error, hold, "a lot of anything (AT-21)"},
	{"MBR504", Error, hold, "any device (CS-67)"},
	{"MBR505", Error, hold, "a device from a field that holds none of its kind"},
	{"MBR506", Warning, "", "a lot or device that is recorded and not used"},
	{"MBR507", Error, hold, "a work area that no step clears (I5)"},
	{"MBR508", Error, hold, "a work area used before it is cleared at that plant (I5)"},
	{"MBR509", Error, hold, "a line that is cleared and never given back"},
	{"MBR510", Error, hold, "a line that is given back and was not cleared"},
	{"MBR511", Error, hold, "a line that is cleared twice"},
	{"MBR512", Error, hold, "a line without its work area"},
	{"MBR513", Error, hold, "a line that one person alone clears (I5)"},
	{"MBR514", Error, stop, "a number of containers from no int field of the step"},
	{"MBR515", Error, hold, "a container named like any label"},
	{"MBR516", Warning, "", "a container that two steps of a plant make"},
	{"MBR517", Error, stop, "custody of nobody that there is (I6)"},
	{"MBR518", Warning, "", "custody given to who has it already"},
	{"MBR519", Warning, "", "materials or devices used for nobody knows how long"},
	{"MBR520", Error, stop, "a malformed span of time"},
	{"MBR521", Error, hold, "a clearance that is valid for nobody knows how long"},
	{"MBR522", Warning, "", "steps that are planned beyond the clearance of their area"},
	{"MBR523", Error, stop, "a step on the patient's material that begins without a scan (I4)"},
	{"MBR524", Error, hold, "a scan of the patient's material that may be left out (I4)"},
	{"MBR525", Error, hold, "a label that is printed and never scanned (LB-3)"},
	{"MBR526", Error, hold, "a label of the product that waits for no field that a person fills (LB-3)"},

	{"MBR601", Error, stop, "a gate that does not decide by a choice of its step"},
	{"MBR602", Error, stop, "a decision on no choice, twice on one, or on not all of them"},
	{"MBR603", Error, hold, "a gate behind which nothing is reached"},
	{"MBR604", Error, stop, "a repeat from a later step"},
	{"MBR605", Error, hold, "a repeat of no times"},
	{"MBR606", Error, hold, "a parallel group that does not stand together"},
	{"MBR607", Warning, "", "a parallel group of one step"},
	{"MBR608", Error, hold, "a step, field or plant to which nothing applies"},
	{"MBR609", Error, hold, "a condition that never holds"},
	{"MBR610", Warning, "", "a condition that always holds"},
	{"MBR612", Warning, "", "a recipe in which no step is safe to stop behind"},
	{"MBR613", Warning, "", "a repeat that makes, decides, signs or hands over again"},
	{"MBR614", Error, stop, "a split by something that is no volume, or with a tolerance that is none"},
	{"MBR615", Error, stop, "a step at risk of something that is no earlier step"},
	{"MBR616", Error, stop, "a step at risk of what cannot be made up for, or a signature at risk"},
	{"MBR617", Error, stop, "a step that uses what it may begin without"},
	{"MBR618", Error, hold, "a step that can never begin at risk: something stands between"},

	{"MBR701", Error, hold, "a clock that never starts at a plant"},
	{"MBR702", Error, hold, "a clock that never stops at a plant"},
	{"MBR703", Error, hold, "a clock that ends before it starts"},
	{"MBR704", Error, stop, "a clock with an event that is no point in time"},
	{"MBR705", Error, stop, "a clock with a limit that is no span of time"},
	{"MBR706", Error, hold, "a clock that does not warn at 1 to 99 percent"},
	{"MBR707", Error, hold, "a clock that nothing can keep"},
	{"MBR708", Warning, "", "two clocks over the same time"},
	{"MBR709", Warning, "", "a clock with an event that does not always happen"},

	{"MBR801", Error, stop, "a text that is missing in a language (screens rule 20)"},
	{"MBR802", Warning, "", "a text that is the same in two languages"},
	{"MBR803", Warning, "", "an instruction too long to be read at a glance"},
	{"MBR804", Error, hold, "a text that cannot be printed"},
	{"MBR805", Warning, "", "a text that says other numbers than the English one"},
	{"MBR806", Warning, "", "two fields of a step with one label"},
	{"MBR807", Error, hold, "two options that read the same"},

	{"MBR901", Error, hold, "a source that is none of P, S, K, C"},
	{"MBR902", Warning, "", "a chosen number that is not marked with demo"},
	{"MBR903", Warning, "", "an unknown flag"},
	{"MBR904", Warning, "", "a limit that comes from nowhere"},
	{"MBR905", Error, hold, "a number for demonstration in an approved version"},
}
