package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.Unusable;
import java.io.IOException;
import java.io.Serializable;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task1;

/**
 * A release of TornadoVM, and what it means for this project. From 6 on TornadoVM has a compiler of
 * its own instead of that of one JDK, and finds the method of a kernel through the serialised form
 * of its lambda; before, it reads the class of the lambda and does not mind how it was compiled.
 *
 * @param version as its jars are named
 * @param ownCompiler whether it is of the line with one
 */
public record TornadoRelease(String version, boolean ownCompiler) {
  private static final Pattern JAR = Pattern.compile(".*/tornado-(?:api|runtime)-(\\d[^/]*)\\.jar");

  private static final Pattern TRIED = Pattern.compile("5\\.2\\..*jdk25.*");

  private static final Pattern BEFORE_6 = Pattern.compile("[0-5]\\..*");

  /** The one in this JVM; none without one. */
  public static Optional<TornadoRelease> inUse() {
    ModuleLayer boot = ModuleLayer.boot();
    return boot.configuration()
        .findModule("tornado.runtime")
        .map(ResolvedModule::reference)
        .flatMap(ModuleReference::location)
        .flatMap(jar -> version(jar.toString()))
        .map(version -> new TornadoRelease(version, boot.findModule("tornado.graal").isPresent()));
  }

  /** The one in the folder of an SDK; none where there are no jars. */
  public static Optional<TornadoRelease> of(Path sdk) {
    return versions(sdk.resolve("share/java/tornado"))
        .map(
            version ->
                new TornadoRelease(
                    version, has(sdk.resolve("share/java/graalJars"), "tornado-graal-")));
  }

  private static Optional<String> versions(Path jars) {
    try (Stream<Path> files = Files.list(jars)) {
      return files.flatMap(file -> version(file.toUri().toString()).stream()).findAny();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static boolean has(Path jars, String prefix) {
    try (Stream<Path> files = Files.list(jars)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith(prefix));
    } catch (IOException _) {
      return false;
    }
  }

  private static Optional<String> version(String jar) {
    Matcher name = JAR.matcher(jar);
    return name.matches() ? Optional.of(name.group(1)) : Optional.empty();
  }

  /** Whether this project's tests have run on it, or on a snapshot of its line. */
  public boolean isTried() {
    return TRIED.matcher(version).matches() || (ownCompiler && BEFORE_6.matcher(version).matches());
  }

  /** The version, and what it means. */
  @Override
  public String toString() {
    if (isTried()) {
      return version + (ownCompiler ? ", a snapshot of the line of 6.0, tried" : ", tried");
    }
    return version + ", not tried: 5.2 was, and a snapshot of the line of 6.0 from July 2026";
  }

  /**
   * Refuses a TornadoVM that would not find the kernels of these classes.
   *
   * @throws IncompatibleClassChangeError if it would not
   */
  static void requireSameApi() {
    Task1<String> kernel = TornadoRelease::anyKernel;
    if (Serializable.class.isAssignableFrom(Task1.class) && !hasSerialisedForm(kernel)) {
      throw new IncompatibleClassChangeError(
          "it finds kernels through serialised lambdas, which these are not");
    }
  }

  /** Whether a lambda was compiled as a serialisable one. */
  static boolean hasSerialisedForm(Object lambda) {
    return Stream.of(lambda.getClass().getDeclaredMethods())
        .anyMatch(method -> method.getName().equals("writeReplace"));
  }

  @SuppressWarnings("unused") // As a kernel is.
  private static void anyKernel(String argument) {}

  /**
   * These classes were compiled against another TornadoVM.
   *
   * @param detail what does not fit
   */
  static Unusable otherApi(String detail) {
    return new Unusable(
        "tornado-vit was compiled against another TornadoVM than %s: %s"
            .formatted(inUse().map(TornadoRelease::version).orElse("the one in use"), detail),
        "build it anew with ./mvnw, whose jars run with every line of TornadoVM");
  }
}
