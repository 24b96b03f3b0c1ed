package mbr

import (
	"errors"
	"fmt"
)

// Load reads a master batch record for execution. Whatever a version could say when batches pinned it is still read (AT-5):
// what stands only against the approval of a new version is no error here. Each fault names its place; Compile tells all.
func Load(file []byte) (*Recipe, error) {
	recipe, faults := Compile(file)
	var stops []error
	for _, f := range faults {
		if f.Stands == AgainstExecution {
			stops = append(stops, f)
		}
	}
	err := errors.Join(stops...)
	if err != nil {
		return nil, fmt.Errorf("master batch record: %w", err)
	}
	return recipe, nil
}
