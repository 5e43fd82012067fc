/** The interfaces and values of Copperplate. */
module dev.copperplate.backup.api {
  requires static transitive org.jspecify;

  exports dev.copperplate.backup;
}
