package document

import (
	"fmt"

	"rexbatch/internal/paper"
)

// Appearance prints the page that release/pades shows in a visible signature field: one page of the size of
// the field in the certificate, with everything that a signature must show (I8). The fonts are embedded.
// It fails like Render.
func Appearance(s SignatureBlock) ([]byte, error) {
	w, err := newWords(s.Language)
	if err != nil {
		return nil, err
	}
	var k checker
	k.signature(s, "signature")
	if k.err != nil {
		return nil, k.err
	}
	doc := paper.New(paper.Options{
		Title: "Signature", Author: "rexbatch", Created: s.At,
		Width: signatureWidth, Height: signatureHeight, Margin: -1,
	})
	small := paper.Style{Size: paper.Small}
	value := paper.Style{Size: paper.Small, Mono: true}
	c := doc.Canvas()
	const frame = 0.3 // the frame around the field stays visible; the note in it must not shine through
	c.Blank(frame, frame, signatureWidth-2*frame, signatureHeight-2*frame)
	c.Bar(1, 1, 1, signatureHeight-1)
	c.FitBlock(2.5, 0.8, signatureWidth-4, signatureHeight-1.2, paper.Cell{
		{S: s.Name, Style: paper.Style{Bold: true}},
		{S: w.get("signed").inline(), Style: small},
		{S: s.Username, Style: value},
		{S: w.get("role." + string(s.Role)).inline(), Style: small},
		{S: s.Meaning.inline(), Style: small},
		{S: stamp(s.At) + "  " + universal(s.At), Style: value},
	})
	pdf, err := doc.Bytes()
	if err != nil {
		return nil, fmt.Errorf("print signature of %s: %w", s.Username, err)
	}
	err = w.err()
	if err != nil {
		return nil, err
	}
	return pdf, nil
}
