import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../../src/tooling/paths.mjs';

interface Locked {
  version: string;
  integrity?: string;
  resolved?: string;
  hasInstallScript?: boolean;
  dev?: boolean;
  devOptional?: boolean;
  optional?: boolean;
}

const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));
const wanted = read('package.json');
const locked = Object.entries<Locked>(read('package-lock.json').packages).filter(([path]) => path);

test('every package is pinned to one version and held to its hash', () => {
  const ranges = Object.values<string>({ ...wanted.dependencies, ...wanted.devDependencies });
  expect(ranges.filter((range) => !/^\d+\.\d+\.\d+$/.test(range))).toEqual([]);
  expect(locked.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
});

test('no package runs a script when it is installed, or is fetched from a fixed address', () => {
  expect(locked.filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([]);
  expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

test('what is shipped is known: a new package shows here', () => {
  const shipped = locked
    .filter(([, { dev, devOptional, optional }]) => !dev && !devOptional && !optional)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  expect([...new Set(shipped)].sort()).toEqual([
    ...['@0no-co/graphql.web', '@0no-co/graphqlsp', '@floating-ui/core', '@floating-ui/dom'],
    ...['@floating-ui/utils', '@gql.tada/cli-utils', '@gql.tada/internal'],
    ...['@graphql-typed-document-node/core', '@internationalized/date'],
    ...['@internationalized/number', '@internationalized/string'],
    ...['@lit-labs/scoped-registry-mixin', '@lit-labs/ssr-dom-shim', '@lit/reactive-element'],
    ...['@lit/task', '@mysten/bcs', '@mysten/dapp-kit-core', '@mysten/slush-wallet', '@mysten/sui'],
    ...['@mysten/utils', '@mysten/wallet-standard', '@mysten/window-wallet-core'],
    ...['@nanostores/lit', '@noble/curves', '@noble/hashes', '@protobuf-ts/grpcweb-transport'],
    ...['@protobuf-ts/runtime', '@protobuf-ts/runtime-rpc', '@react-types/shared', '@scure/base'],
    ...['@scure/bip32', '@scure/bip39', '@swc/helpers', '@types/trusted-types'],
    ...['@wallet-standard/app', '@wallet-standard/base', '@wallet-standard/core'],
    ...['@wallet-standard/errors', '@wallet-standard/features', '@wallet-standard/ui'],
    ...['@wallet-standard/ui-compare', '@wallet-standard/ui-core', '@wallet-standard/ui-features'],
    ...['@wallet-standard/ui-registry', '@wallet-standard/wallet'],
    ...['@webcomponents/scoped-custom-element-registry', 'aria-hidden', 'chalk', 'client-only'],
    ...['clsx', 'comlink', 'commander', 'gql.tada', 'graphql', 'idb', 'jose', 'lit', 'lit-element'],
    ...['lit-html', 'lucide-react', 'nanostores', 'poseidon-lite', 'qr', 'react', 'react-aria'],
    ...['react-aria-components', 'react-dom', 'react-stately', 'regexparam', 'scheduler', 'tslib'],
    ...['typescript', 'use-sync-external-store', 'valibot', 'wouter'],
  ]);
});
