import Glibc

/// What to do about a file in the state directory that could not be stored.
enum StorageAdvice {
    static func text(for failure: SystemFailure, _ file: NumberFile) -> String {
        let path = file.path
        let directory = file.directory
        return switch failure.code {
        case EISDIR: "'\(path)' is a directory: move it away"
        case ELOOP: "'\(path)' is a symbolic link, which is not followed: move it away"
        case EROFS:
            "the file system of '\(directory.path)' is read-only: mount it writable, after looking for disk errors in "
                + "the kernel's log, or name another directory with system.state_dir"
        case ENOSPC, EDQUOT: "free space on the disk of '\(directory.path)', or name another with system.state_dir"
        case EMFILE: "raise the process's limit of open files (LimitNOFILE= of its unit, or ulimit -n)"
        case ENFILE: "raise the machine's limit of open files (sysctl fs.file-max)"
        case EACCES, EPERM:
            "let user \(geteuid()) write to '\(directory.path)' and to the files in it (owner, mode, lsattr), or name "
                + "another directory with system.state_dir"
        case EIO: "the disk of '\(directory.path)' fails: see the kernel's log (dmesg)"
        default: "check that user \(geteuid()) may write to '\(path)'"
        }
    }
}
