package desk

import (
	"bytes"
	"context"

	"rexbatch/chainofcustody/label"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
)

// The files in which a label can be had.
const (
	LabelPicture = "label.png" // the label alone, 300 dpi
	LabelPDF     = "label.pdf" // with its accompanying document
	LabelZPL203  = "label-203.zpl"
	LabelZPL300  = "label-300.zpl"
)

// LabelFile is a file of a label.
type LabelFile struct {
	Type    string // of its content
	Content []byte
}

const (
	dots203 = 8
	dots300 = 300 / 25.4
)

// LabelFile makes a file of the label of a container, as it is printed.
func (d *Desk) LabelFile(ctx context.Context, number, step, container, file string) (LabelFile, error) {
	l, err := d.Plant.Batches.LabelOf(ctx, number, step, container)
	if err != nil {
		return LabelFile{}, err
	}
	return fileOf(l, file)
}

// BoxLabelFile makes a file of the label of the box of a packed shipment.
func (d *Desk) BoxLabelFile(ctx context.Context, shipped, file string) (LabelFile, error) {
	id, err := shipment.ParseID(shipped)
	if err != nil {
		return LabelFile{}, err
	}
	l, err := d.Plant.Batches.BoxLabel(ctx, id)
	if err != nil {
		return LabelFile{}, err
	}
	return fileOf(l, file)
}

func fileOf(l *label.Label, file string) (LabelFile, error) {
	var out LabelFile
	var err error
	switch file {
	case LabelPicture:
		out.Type = "image/png"
		var bits *paper.Bitmap
		bits, err = l.Sheets[0].Bitmap(dots300)
		if err == nil {
			var picture bytes.Buffer
			err = bits.PNG(&picture)
			out.Content = picture.Bytes()
		}
	case LabelPDF:
		out.Type = "application/pdf"
		out.Content, err = l.PDF()
	case LabelZPL203:
		out.Type = zplType
		out.Content, err = l.ZPL(dots203, paper.Drawn)
	case LabelZPL300:
		out.Type = zplType
		out.Content, err = l.ZPL(dots300, paper.Drawn)
	default:
		return LabelFile{}, ledger.Refuse(ledger.Missing, "LB-1", "no-label-file", "a label has no file {file}", "ask for label.png, label.pdf, label-203.zpl or label-300.zpl", "file", file)
	}
	return out, err
}

const zplType = "application/octet-stream"
