import { indexedStoreCases } from '../support/indexed-store-cases.ts';

indexedStoreCases();
