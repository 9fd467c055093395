import Glibc

/// Prints a line at once, for a reader that waits for it.
func say(_ line: String) {
    print(line)
    fflush(nil)
}
