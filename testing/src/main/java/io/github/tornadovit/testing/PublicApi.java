package io.github.tornadovit.testing;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What users of a module may use, as text: every public type of its packages for them, every type
 * that the signatures of these mention, and so on, each with its public and protected members. One
 * line per type and member, so that a difference reads as one. The text is a file beside the
 * module's pom, {@code api.txt}: a change that breaks users cannot come in unseen, since it shows
 * in that file, in the same commit. {@code -Dtornadovit.api=write} writes it.
 */
public final class PublicApi {
  private static final Path BASELINE = Path.of("api.txt");

  /** Types whose names do not begin so are somebody else's, or listed with another module. */
  private final String project;

  private final Map<String, List<String>> types = new TreeMap<>();
  private final Deque<Class<?>> waiting = new ArrayDeque<>();

  private PublicApi(String project) {
    this.project = project;
  }

  /**
   * Compares the classes of the module whose folder is the working directory with its baseline.
   *
   * @param project how the names of types begin that are listed
   * @param packages those for users
   * @param caught types that no signature mentions: unchecked exceptions
   */
  public static void check(String project, Collection<String> packages, Class<?>... caught)
      throws IOException, ClassNotFoundException {
    List<String> lines = lines(project, packages, caught);
    if ("write".equals(System.getProperty("tornadovit.api"))) {
      Files.write(BASELINE, lines);
    }
    List<String> baseline = Files.readAllLines(BASELINE);
    Set<String> removed = qualified(baseline);
    removed.removeAll(qualified(lines));
    Set<String> added = qualified(lines);
    added.removeAll(qualified(baseline));
    if (!removed.isEmpty()) {
      throw new AssertionError(
          """
          incompatible: gone or changed since the baseline api.txt. Keep it, or decide to break \
          users: say so in the commit and run with -Dtornadovit.api=write
          """
              + String.join("\n", removed));
    }
    if (!added.isEmpty()) {
      throw new AssertionError(
          """
          new since the baseline api.txt: once released it has to stay. If it is meant to be \
          public, run with -Dtornadovit.api=write and commit the file
          """
              + String.join("\n", added));
    }
    if (!lines.equals(baseline)) {
      throw new AssertionError("api.txt has the lines in another order, or twice");
    }
  }

  /** Members with the type that they belong to: an inherited name may occur in several. */
  private static Set<String> qualified(List<String> lines) {
    Set<String> qualified = new LinkedHashSet<>();
    String type = "";
    for (String line : lines) {
      if (!line.startsWith(" ")) {
        type = line;
      }
      qualified.add(line.equals(type) ? line : type + " {" + line + " }");
    }
    return qualified;
  }

  /** The lines, types by name and members sorted; a member is indented. */
  private static List<String> lines(String project, Collection<String> packages, Class<?>... caught)
      throws IOException, ClassNotFoundException {
    PublicApi api = new PublicApi(project);
    api.waiting.addAll(List.of(caught));
    for (String exported : packages) {
      Path folder = Path.of("target/classes", exported.replace('.', '/'));
      try (Stream<Path> files = Files.list(folder)) {
        for (String name : files.map(file -> file.getFileName().toString()).sorted().toList()) {
          if (name.endsWith(".class") && !name.startsWith("package-info")) {
            String type = exported + "." + name.replace(".class", "");
            api.waiting.add(Class.forName(type, false, PublicApi.class.getClassLoader()));
          }
        }
      }
    }
    while (!api.waiting.isEmpty()) {
      api.describe(api.waiting.remove());
    }
    return api.types.values().stream().flatMap(List::stream).toList();
  }

  private void describe(Class<?> type) {
    if (!visible(type) || types.containsKey(type.getName())) {
      return;
    }
    Set<String> members = new TreeSet<>();
    types.put(type.getName(), new ArrayList<>());
    mention(type.getGenericSuperclass());
    mention(type.getGenericInterfaces());
    for (Class<?> nested : type.getDeclaredClasses()) {
      waiting.add(nested);
    }
    if (type.isSealed()) {
      waiting.addAll(List.of(type.getPermittedSubclasses()));
    }
    if (type.isRecord()) {
      // Their order is the order of the constructor and of patterns.
      members.add(
          " record "
              + Arrays.stream(type.getRecordComponents())
                  .map(RecordComponent::toString)
                  .collect(Collectors.joining(", ")));
    }
    for (Field field : type.getDeclaredFields()) {
      if (visible(field.getModifiers()) && !field.isSynthetic()) {
        mention(field.getGenericType());
        members.add(field.toGenericString());
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      add(members, constructor);
    }
    for (Method method : type.getDeclaredMethods()) {
      if (!method.isBridge() && add(members, method)) {
        mention(method.getGenericReturnType());
      }
    }
    List<String> lines = types.get(type.getName());
    lines.add(header(type));
    members.forEach(member -> lines.add("  " + member.strip()));
  }

  private boolean add(Set<String> members, Executable executable) {
    if (!visible(executable.getModifiers()) || executable.isSynthetic()) {
      return false;
    }
    mention(executable.getGenericParameterTypes());
    mention(executable.getGenericExceptionTypes());
    return members.add(executable.toGenericString());
  }

  private static String header(Class<?> type) {
    List<String> parents = new ArrayList<>();
    if (type.getGenericSuperclass() != null && type.getSuperclass() != Object.class) {
      parents.add(type.getGenericSuperclass().getTypeName());
    }
    Arrays.stream(type.getGenericInterfaces())
        .map(Type::getTypeName)
        .sorted()
        .forEach(parents::add);
    return type.toGenericString() + (parents.isEmpty() ? "" : " : " + String.join(", ", parents));
  }

  /** Types of this project that somebody who uses a visible member meets. */
  private void mention(Type... mentioned) {
    for (Type type : mentioned) {
      switch (type) {
        case null -> {}
        case Class<?> plain -> {
          Class<?> element = plain;
          while (element.isArray()) {
            element = element.getComponentType();
          }
          if (element.getName().startsWith(project)) {
            waiting.add(element);
          }
        }
        case ParameterizedType generic -> {
          mention(generic.getRawType());
          mention(generic.getActualTypeArguments());
        }
        case GenericArrayType array -> mention(array.getGenericComponentType());
        case WildcardType wildcard -> {
          mention(wildcard.getUpperBounds());
          mention(wildcard.getLowerBounds());
        }
        default -> {}
      }
    }
  }

  private static boolean visible(Class<?> type) {
    return visible(type.getModifiers())
        && (type.getDeclaringClass() == null || visible(type.getDeclaringClass()));
  }

  private static boolean visible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }
}
