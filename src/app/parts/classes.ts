/**
 * Reads class names from a CSS module.
 *
 * @returns a function from a local name to the built one; an unknown name is a mistake and throws
 */
export function classesOf(module: Readonly<Record<string, string>>): (name: string) => string {
  return (name) => {
    const built = module[name];
    if (built === undefined) throw new Error(`no style named ${name}`);
    return built;
  };
}
