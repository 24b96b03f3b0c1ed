package document

import (
	"strings"

	"rexbatch/internal/paper"
)

const (
	portionSize = 1400 // characters that surely fit on one page, in the narrowest column of free text
	lineSize    = 55   // a line feed takes as much room as this many characters
)

// portions divides a cell that is too long for one page into cells that are not. A row of a table is never
// broken, so a very long remark becomes several rows; a certificate must not fail because someone was thorough.
func portions(c paper.Cell) []paper.Cell {
	out := []paper.Cell{nil}
	used := 0
	for _, t := range c {
		for _, piece := range cut(t.S) {
			size := extent(piece) + lineSize
			if used > 0 && used+size > portionSize {
				out = append(out, nil)
				used = 0
			}
			part := t
			part.S = piece
			out[len(out)-1] = append(out[len(out)-1], part)
			used += size
		}
	}
	return out
}

// cut divides a text at spaces and line feeds into pieces of at most a portion; a longer word is cut anywhere.
func cut(s string) []string {
	var out []string
	for extent(s) > portionSize {
		end, space, used := len(s), 0, 0
		for i, r := range s {
			if used += extent(string(r)); used > portionSize {
				end = i
				break
			}
			if r == ' ' || r == '\n' {
				space = i
			}
		}
		if space > 0 {
			end = space
		}
		out = append(out, s[:end])
		s = strings.TrimLeft(s[end:], " \n")
	}
	return append(out, s)
}

func extent(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r == '\n' {
			n += lineSize
		}
	}
	return n
}
