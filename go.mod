module github.com/fbsdetect/fbsdetect

go 1.26.0
