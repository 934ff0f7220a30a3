package wire

// Message is one decoded signalling message.
//
// Name is the message's name as its specification's clause heading writes it
// ("Location Updating Request", "System Information Type 3"), which is also what
// Wireshark shows.
type Message interface {
	Name() string
}

// Opaque is a message whose name is known and whose content is not decoded, or a
// message nobody knows. Nothing of it is dropped: Octets is the whole message.
type Opaque struct {
	// Title is the message's name, or a description when the type is unknown.
	Title string
	// Octets is the message from its first octet; it aliases the input.
	Octets []byte
}

// Name returns the message's name.
func (o *Opaque) Name() string { return o.Title }
