package rules

import "github.com/fbsdetect/fbsdetect/detect/event"

// lte is what rules of this generation look at.
var lte = []event.RAT{event.LTE}
