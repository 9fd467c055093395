import Glibc

/// What to do about a file in the state directory that could not be stored.
public enum StorageAdvice {
    /// - Parameters:
    ///   - code: the errno value of what failed.
    ///   - path: the file.
    ///   - directory: the state directory.
    public static func text(for code: Int32, _ path: String, in directory: String) -> String {
        switch code {
        case EISDIR: "'\(path)' is a directory: move it away"
        case ESPIPE: "'\(path)' is a pipe: move it away"
        case ELOOP: "'\(path)' is a symbolic link, which is not followed: move it away"
        case EROFS:
            "the file system of '\(directory)' is read-only: mount it writable, after looking for disk errors in "
                + "the kernel's log, or name another directory with system.state_dir"
        case ENOSPC, EDQUOT: "free space on the disk of '\(directory)', or name another with system.state_dir"
        case EMFILE: "raise the process's limit of open files (LimitNOFILE= of its unit, or ulimit -n)"
        case ENFILE: "raise the machine's limit of open files (sysctl fs.file-max)"
        case EACCES, EPERM:
            "let user \(geteuid()) write to '\(directory)' and to the files in it (owner, mode, lsattr), or name "
                + "another directory with system.state_dir"
        case EIO: "the disk of '\(directory)' fails: see the kernel's log (dmesg)"
        default: "check that user \(geteuid()) may write to '\(path)'"
        }
    }
}
