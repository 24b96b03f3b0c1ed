package equipment

import (
	"encoding/json"
	"fmt"
	"iter"

	"rexbatch/internal/ledger"
)

func (s *Sheet) views() (map[string][]byte, error) {
	doc, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("sheet of %s: %w", s.ID, err)
	}
	return map[string][]byte{streamPrefix + string(s.ID): doc}, nil
}

// Projection rebuilds the sheet of each device, the view "equipment/<id>", from its entries.
func Projection() ledger.Projection {
	return ledger.Projection{
		Prefix: streamPrefix,
		Views: func(_ ledger.BlobReader, entries iter.Seq2[ledger.Entry, error]) (map[string][]byte, error) {
			d := &Device{}
			for e, err := range entries {
				if err != nil {
					return nil, err
				}
				err = d.Apply(e)
				if err != nil {
					return nil, err
				}
			}
			return d.views()
		},
	}
}
