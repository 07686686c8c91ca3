package io.github.tornadovit.base.file;

/**
 * The encoding in which this JVM reads names of files and arguments. On Linux it is that of the
 * locale that the JVM was started in, and cannot be changed later.
 */
public final class NameEncoding {
  /** The remedy for an encoding other than UTF-8. */
  public static final String REMEDY =
      "start Java in a locale of UTF-8, LC_ALL=C.UTF-8 or one that 'locale -a' lists, as the"
          + " launcher does where there is one";

  private NameEncoding() {}

  /** Its name, as {@code UTF-8}, or {@code ANSI_X3.4-1968} in the locale C. */
  public static String name() {
    return System.getProperty("sun.jnu.encoding", "unknown");
  }

  /** Whether all names can be read. */
  public static boolean isUtf8() {
    return name().equals("UTF-8");
  }
}
