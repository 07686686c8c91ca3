package io.github.tornadovit.engine;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.kernels.backend.BackendException;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
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
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What users may use, as text: every public type of the packages that the module of the engine
 * exports, every type of this project that their signatures mention, and so on, the exceptions that
 * they throw, each with its public and protected members. One line per type and member, so that a
 * difference reads as one.
 */
final class PublicApi {
  private static final String PROJECT = "io.github.tornadovit.";

  /** What users catch; no signature mentions an unchecked exception. */
  private static final List<Class<?>> CAUGHT =
      List.of(BackendException.class, CheckpointException.class);

  private final Map<String, List<String>> types = new TreeMap<>();
  private final Deque<Class<?>> waiting = new ArrayDeque<>();

  private PublicApi() {}

  /** The lines, types by name and members sorted; a member is indented. */
  static List<String> lines() throws IOException, ClassNotFoundException {
    PublicApi api = new PublicApi();
    api.waiting.addAll(CAUGHT);
    Path classes = Path.of("target/classes");
    ModuleDescriptor module =
        ModuleFinder.of(classes).findAll().stream().findFirst().orElseThrow().descriptor();
    for (ModuleDescriptor.Exports exported : module.exports()) {
      Path folder = classes.resolve(exported.source().replace('.', '/'));
      try (Stream<Path> files = Files.list(folder)) {
        for (String name : files.map(file -> file.getFileName().toString()).sorted().toList()) {
          if (name.endsWith(".class") && !name.startsWith("package-info")) {
            String type = exported.source() + "." + name.replace(".class", "");
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
          if (element.getName().startsWith(PROJECT)) {
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
