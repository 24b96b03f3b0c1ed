package record

import (
	"strings"

	"rexbatch/internal/paper"
)

const (
	rowRoom  = 150.0 // millimetres: what surely fits on one page below heading and table head
	manyText = 900   // characters below which a cell need not be measured
)

// parts divides a row whose cells are too long for one page into rows that are not: a row is never broken, and a record
// must not fail because somebody was thorough.
func (s *sheet) parts(row []paper.Cell, columns []paper.Column) [][]paper.Cell {
	var out [][]paper.Cell
	for i, cell := range row {
		for j, portion := range s.portions(cell, columns[i].Width-2.4) {
			if j == len(out) {
				out = append(out, make([]paper.Cell, len(row)))
			}
			out[j][i] = portion
		}
	}
	for j := 1; j < len(out); j++ {
		if len(out[j][0]) == 0 {
			out[j][0] = paper.Cell{{S: s.w.get("continued").local, Style: quiet}}
		}
	}
	return out
}

func (s *sheet) portions(cell paper.Cell, width float64) []paper.Cell {
	length := 0
	for _, t := range cell {
		length += len(t.S) + 40
	}
	if length < manyText {
		return []paper.Cell{cell}
	}
	out := []paper.Cell{nil}
	used := 0.0
	for _, t := range cell {
		for _, piece := range s.cut(t, width) {
			height := s.doc.Height(width, paper.Cell{piece})
			if used > 0 && used+height > rowRoom {
				out, used = append(out, nil), 0
			}
			out[len(out)-1] = append(out[len(out)-1], piece)
			used += height
		}
	}
	return out
}

// cut divides a text at spaces, or anywhere in a long word, into pieces that fit.
func (s *sheet) cut(t paper.Text, width float64) []paper.Text {
	if len(t.S) < manyText || s.doc.Height(width, paper.Cell{t}) <= rowRoom {
		return []paper.Text{t}
	}
	runes := []rune(t.S)
	at := len(runes) / 2
	for i := at; i > at/2; i-- {
		if runes[i] == ' ' || runes[i] == '\n' {
			at = i
			break
		}
	}
	first, rest := t, t
	first.S, rest.S = string(runes[:at]), strings.TrimLeft(string(runes[at:]), " \n")
	return append(s.cut(first, width), s.cut(rest, width)...)
}
