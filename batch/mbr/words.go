package mbr

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rexbatch/internal/paper"
)

// The bounds of wordings.
const (
	longText       = 20  // letters from which the same text in two languages was probably not translated
	maxInstruction = 600 // characters that fit on the screen of a step
)

// checkWords holds every approved text: it can be printed, it was translated, and it says the same numbers in each language.
func (c *compiler) checkWords() {
	for _, w := range c.texts {
		for i, lang := range languages {
			text := w.text[lang]
			if err := paper.PrintableText(text); err != nil {
				c.fault("MBR804", w.at.spot(lang), fmt.Sprintf("the %s text cannot be printed: %s", lang, err), "write it with letters and signs of the product's fonts")
				continue
			}
			for _, other := range languages[:i] {
				if letters(text) > longText && text == w.text[other] {
					c.fault("MBR802", w.at.spot(lang), fmt.Sprintf("the text is the same in %q and in %q", other, lang), "translate it")
					break
				}
			}
			if a, b := numbersIn(w.text["en"]), numbersIn(text); text != "" && w.text["en"] != "" && !slices.Equal(a, b) {
				c.fault("MBR805", w.at.spot(lang), fmt.Sprintf("the %s text says the numbers %s, the English one %s", lang, said(b), said(a)), "let each language say the same")
			}
		}
	}
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// number finds numbers as they stand in texts; a date or a time is several of them.
var numeral = regexp.MustCompile(`\d+(?:[.,]\d+)*`)

func numbersIn(s string) []string {
	all := numeral.FindAllString(s, -1)
	for i, n := range all {
		n = strings.ReplaceAll(n, ",", ".")
		// 1,000 and 1.000 are one thousand in some language: without its points it is the same number in each.
		if whole, part, cut := strings.Cut(n, "."); cut && len(part) == 3 {
			n = whole + part
		}
		all[i] = n
	}
	slices.Sort(all)
	return all
}

func said(numbers []string) string {
	if len(numbers) == 0 {
		return "none"
	}
	return strings.Join(numbers, ", ")
}

// checkStepWords holds the texts of one step against each other.
func (c *compiler) checkStepWords(s *Step) {
	for _, lang := range languages {
		if n := utf8.RuneCountInString(s.Instruction[lang]); n > maxInstruction {
			c.fault("MBR803", c.of(s).child("instruction").spot(lang), fmt.Sprintf("the instruction has %d characters, at most %d are read at a glance", n, maxInstruction), "split the step, or refer to the procedure")
		}
	}
	for i, f := range s.Fields {
		for _, lang := range languages {
			for _, other := range s.Fields[:i] {
				if f.Label[lang] != "" && f.Label[lang] == other.Label[lang] && together(f, other) {
					c.fault("MBR806", c.of(f).child("label").spot(lang), fmt.Sprintf("%s and %s have the same %s label", f.Ref(), other.Ref(), lang), "say what is different")
				}
			}
		}
		c.checkOptionWords(f)
	}
}

func (c *compiler) checkOptionWords(f *Field) {
	for _, lang := range languages {
		for i, option := range f.Options {
			for _, other := range f.Options[:i] {
				if option.Name[lang] != "" && option.Name[lang] == other.Name[lang] {
					c.fault("MBR807", c.of(f).item("options", i).child("name").spot(lang), fmt.Sprintf("the options %s and %s of %s read the same in %q", other.Code, option.Code, f.Ref(), lang), "say what is different")
				}
			}
		}
	}
}

// together tells whether two fields can stand on one screen.
func together(a, b *Field) bool {
	if len(a.Only) == 0 || len(b.Only) == 0 {
		return true
	}
	return slices.ContainsFunc(a.Only, func(site string) bool { return slices.Contains(b.Only, site) })
}
