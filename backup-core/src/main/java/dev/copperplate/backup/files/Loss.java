package dev.copperplate.backup.files;

import dev.copperplate.backup.Finding.Severity;

/** What a restore of files may have to leave behind. */
enum Loss {
  OWNERS_NOT_ASKED(Severity.INFO, "keep the owner that restored them: owners were not asked for"),
  OWNERS_REFUSED(Severity.WARNING, "could not be given to their owners"),
  PRIVILEGES_NOT_ASKED(Severity.INFO, "lost setuid or setgid: privileged was not asked for"),
  PERMISSIONS_REFUSED(Severity.WARNING, "could not be given their permissions"),
  TIMES_REFUSED(Severity.WARNING, "could not be given their times"),
  LINK_TIMES_CUT(Severity.INFO, "are links, whose times the JDK cuts to microseconds"),
  LINK_SLASHES(Severity.INFO, "are links whose repeated slashes became one"),
  ATTRIBUTES_UNREACHABLE(
      Severity.WARNING, "lost extended attributes that are not user.*: the JDK cannot set them"),
  ATTRIBUTES_REFUSED(Severity.WARNING, "lost extended attributes: the file system refused them"),
  SPECIAL(Severity.WARNING, "are pipes, sockets or devices, which the JDK cannot make"),
  HARD_LINKS(Severity.WARNING, "were hard links and are copies: the file system refused to link");

  private final Severity severity;
  private final String words;

  Loss(Severity severity, String words) {
    this.severity = severity;
    this.words = words;
  }

  Severity severity() {
    return severity;
  }

  String words() {
    return words;
  }
}
